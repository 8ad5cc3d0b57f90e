import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

/** A network between a browser and a server that can be cut. */
export interface Relay {
  url: string;
  /** Nothing passes any more, either way, and nobody is told: a pulled cable. */
  cut(): void;
  /** What was held back passes. */
  mend(): void;
  /** Every connection ends, as when a router starts anew. */
  drop(): void;
  /** From now on leads to another server. */
  turn(target: string): void;
  stop(): Promise<void>;
}

export async function startRelay(target: string): Promise<Relay> {
  let { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let passing = true;

  const keep = (socket: Socket): void => {
    sockets.add(socket);
    if (!passing) socket.pause();
    socket.on('close', () => sockets.delete(socket));
    // Either side may be gone at any time; the other one is told by its end.
    socket.on('error', () => socket.destroy());
  };
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      keep(from);
      from.on('data', (part) => to.write(part));
      from.on('close', () => to.destroy());
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      passing = false;
      for (const socket of sockets) socket.pause();
    },
    mend() {
      passing = true;
      for (const socket of sockets) socket.resume();
    },
    drop() {
      for (const socket of sockets) socket.destroy();
    },
    turn(next) {
      ({ hostname, port } = new URL(next));
      for (const socket of sockets) socket.destroy();
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((closed) => server.close(() => closed()));
    },
  };
}
