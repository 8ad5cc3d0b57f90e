import { isObject } from '../live/json';
import { objectsOf } from './answered';

/** An order that a customer paid. */
export interface Order {
  id: string;
  at: string;
  /** An exact decimal; empty where it is not known. */
  amount: string;
  currency: string;
}

const text = (raw: unknown): string => (typeof raw === 'string' ? raw : '');

/** Reads GET /v1/customers/{id}, as far as a conversation's page needs it: the orders, the newest first. */
export function readCustomer(raw: unknown): { orders: Order[] } {
  const orders = objectsOf(raw, 'orders').map((order, place) => {
    const money = isObject(order.amount) ? order.amount : undefined;
    return {
      id: text(order.order) || text(order.id) || String(place),
      at: text(order.paid_at) || text(order.at) || text(order.time),
      amount: money ? text(money.amount) : text(order.amount),
      currency: money ? text(money.currency) : text(order.currency),
    };
  });
  return { orders: orders.sort((a, b) => (a.at < b.at ? 1 : -1)) };
}
