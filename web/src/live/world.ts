import { sha256 } from './sha256';
import { TokenEnded, type Socket, type World } from './live';

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
