import { isObject, type JsonObject } from '../live/json';

/** An answer that says it is well and is not what was asked for: somebody in between has answered, or half of it came. */
export class Unreadable extends Error {
  override name = 'Unreadable';
}

/** What an answer must be: an object with these lists in it. What lacks them must not be read as nothing: it throws Unreadable. */
export function answered(raw: unknown, ...lists: readonly string[]): JsonObject {
  if (!isObject(raw)) throw new Unreadable('the answer is no object');
  const lacks = lists.find((name) => raw[name] !== null && !Array.isArray(raw[name]));
  if (lacks !== undefined) throw new Unreadable(`the answer has no ${lacks}`);
  return raw;
}

/** The objects in a list that an answer must have. Throws Unreadable. */
export function objectsOf(raw: unknown, list: string): JsonObject[] {
  const all = answered(raw, list)[list];
  return Array.isArray(all) ? all.filter(isObject) : [];
}

/** An object that an answer must have. Throws Unreadable. */
export function partOf(raw: unknown, name: string): JsonObject {
  const part = answered(raw)[name];
  if (!isObject(part)) throw new Unreadable(`the answer has no ${name}`);
  return part;
}
