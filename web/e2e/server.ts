import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** How long a server may take until it listens, and until it has ended. */
const startLimit = 90_000;
const stopLimit = 20_000;

// A server must not meet the NATS port of another one on this machine.
const environment = { ...process.env, FLOORLIGHT_NATS_LISTEN: process.env.FLOORLIGHT_NATS_LISTEN ?? '127.0.0.1:0' };

/** Waits until every part of the server is ready. */
async function ready(url: string): Promise<void> {
  const end = Date.now() + startLimit;
  for (;;) {
    const answer = await fetch(`${url}/readyz`);
    if (answer.ok) return;
    if (Date.now() > end) throw new Error(`the server is not ready after ${startLimit} ms: ${await answer.text()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A server of a test's own, on a data directory of its own and a free port. */
export interface Running {
  url: string;
  /** Runs another command on the same data directory, and returns what it prints. */
  command(...args: string[]): Promise<string>;
  /** Ends the server and starts it again at the same address, once what is to be seen without it was seen. */
  restart(without?: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
  /** The end of what it has logged. */
  log(): string;
}

/** With `early`, it is returned as soon as it listens, whatever else it lacks. */
export async function startServer(command: 'demo' | 'serve', args: readonly string[] = [], more: Record<string, string> = {}, early = false): Promise<Running> {
  const binary = resolve(process.env.FLOORLIGHT_BIN ?? join(import.meta.dirname, '../../bin/floorlight'));
  if (!existsSync(binary)) {
    throw new Error(`there is no ${binary}; build it with \`make binary\`, or set FLOORLIGHT_BIN`);
  }
  const env = { ...environment, ...more };
  const data = mkdtempSync(join(tmpdir(), 'floorlight-e2e-'));
  let log = '';
  let end = async (): Promise<void> => undefined;

  async function start(listen: string): Promise<string> {
    const server = spawn(binary, [command, '--listen', listen, '--data-dir', data, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
    server.stderr.on('data', (part: Buffer) => (log = (log + part.toString()).slice(-20_000)));
    const ended = new Promise<void>((done) => server.once('exit', () => done()));
    // A test that ran out of time may never come to its end: its server ends with the process at the latest.
    const orphaned = (): void => void server.kill('SIGTERM');
    process.once('exit', orphaned);
    server.once('exit', () => process.off('exit', orphaned));
    end = async () => {
      if (server.exitCode !== null || server.signalCode !== null) return;
      server.kill('SIGTERM');
      const timer = setTimeout(() => server.kill('SIGKILL'), stopLimit);
      await ended;
      clearTimeout(timer);
    };
    return new Promise<string>((found, failed) => {
      let out = '';
      const timer = setTimeout(() => failed(new Error(`the server did not listen within ${startLimit} ms\n${log}`)), startLimit);
      server.stdout.on('data', (part: Buffer) => {
        out += part.toString();
        const url = /listening on (http:\/\/\S+)/.exec(out)?.[1];
        if (!url) return;
        clearTimeout(timer);
        found(url);
      });
      server.once('error', failed);
      server.once('exit', (code) => failed(new Error(`the server ended with ${code}\n${log}`)));
    });
  }

  const stop = async (): Promise<void> => {
    await end();
    rmSync(data, { recursive: true, force: true });
  };
  let url: string;
  try {
    url = await start('127.0.0.1:0');
    if (!early) await ready(url);
  } catch (reason) {
    await stop();
    throw reason;
  }
  return {
    url,
    log: () => log,
    stop,
    async command(...words) {
      const { stdout } = await promisify(execFile)(binary, [...words, '--data-dir', data], { env });
      return stdout.trim();
    },
    async restart(without) {
      await end();
      await without?.();
      await start(new URL(url).host);
      await ready(url);
    },
  };
}
