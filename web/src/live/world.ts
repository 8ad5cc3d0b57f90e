import { sha256 } from './sha256';
import { TokenEnded } from './refusal';

/** The part of a WebSocket that is used here. */
export interface Socket {
  send(text: string): void;
  close(code?: number): void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
}

/** What the client needs of the world, so that a test can be the world. */
export interface World {
  /** A fresh one-time ticket. Rejects with TokenEnded when the token is no longer good. */
  ticket(): Promise<string>;
  open(ticket: string, subprotocol: string): Socket;
  /** Milliseconds that only go forward. */
  monotonic(): number;
  /** The machine's own clock, in milliseconds since 1970. */
  clock(): number;
  random(): number;
  after(ms: number, run: () => void): () => void;
  sha256(text: string): Promise<string>;
}

/** The browser as the live client needs it; `token` is asked for each time, because it can change. */
export function browserWorld(token: () => string): World {
  return {
    async ticket() {
      const response = await fetch('/v1/tickets', {
        method: 'POST',
        headers: { authorization: `Bearer ${token()}` },
        signal: AbortSignal.timeout(10_000),
      });
      if (response.status === 401 || response.status === 403) throw new TokenEnded('the token is not accepted');
      if (!response.ok) throw new Error(`no ticket: HTTP ${response.status}`);
      const body = (await response.json()) as { ticket?: unknown };
      if (typeof body.ticket !== 'string') throw new Error('no ticket in the answer');
      return body.ticket;
    },
    open(ticket, subprotocol) {
      const url = new URL('/v1/live', location.href);
      url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
      url.searchParams.set('ticket', ticket);
      // The handlers of a WebSocket take more than the client asks of them.
      return new WebSocket(url, subprotocol) as unknown as Socket;
    },
    monotonic: () => performance.now(),
    clock: () => Date.now(),
    random: () => Math.random(),
    after(ms, run) {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    sha256,
  };
}
