import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** How long the demo may take until it listens, and until it has ended. */
const startLimit = 300_000;
const stopLimit = 20_000;

/** Waits until every part of the server is ready, and the desks have opened with their past behind them. */
async function ready(url: string): Promise<void> {
  const end = Date.now() + startLimit;
  let last = '';
  for (;;) {
    for (const path of ['/readyz', '/v1/demo/roles']) {
      const answer = await fetch(url + path);
      last = answer.ok ? '' : `${path}: HTTP ${answer.status}`;
      if (last) break;
      const { past = 1 } = (await answer.json()) as { past?: number };
      if (past < 1) last = `the desks' past is ${Math.round(past * 100)} % made`;
    }
    if (!last) return;
    if (Date.now() > end) throw new Error(`the demo is not ready after ${startLimit} ms: ${last}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/**
 * Starts `floorlight demo` on a data directory of its own and a free port, and
 * returns what stops it again.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const binary = resolve(process.env.FLOORLIGHT_BIN ?? join(import.meta.dirname, '../../bin/floorlight'));
  if (!existsSync(binary)) {
    throw new Error(`there is no ${binary}; build it with \`make binary\`, or set FLOORLIGHT_BIN`);
  }
  const data = mkdtempSync(join(tmpdir(), 'floorlight-e2e-'));
  const server = spawn(binary, ['demo', '--listen', '127.0.0.1:0', '--data-dir', data, '--days', '15'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // The demo must not meet the NATS port of another server on this machine.
    env: { ...process.env, FLOORLIGHT_NATS_LISTEN: process.env.FLOORLIGHT_NATS_LISTEN ?? '127.0.0.1:0' },
  });
  let log = '';
  server.stderr.on('data', (part: Buffer) => (log = (log + part.toString()).slice(-20_000)));
  const ended = new Promise<void>((done) => server.once('exit', () => done()));

  const stop = async (): Promise<void> => {
    if (server.exitCode === null && server.signalCode === null) {
      server.kill('SIGTERM');
      const timer = setTimeout(() => server.kill('SIGKILL'), stopLimit);
      await ended;
      clearTimeout(timer);
    }
    rmSync(data, { recursive: true, force: true });
  };

  try {
    process.env.FLOORLIGHT_E2E_URL = await new Promise<string>((found, failed) => {
      let out = '';
      const timer = setTimeout(() => failed(new Error(`the demo did not listen within ${startLimit} ms`)), startLimit);
      server.stdout.on('data', (part: Buffer) => {
        out += part.toString();
        const url = /listening on (http:\/\/\S+)/.exec(out)?.[1];
        if (!url) return;
        clearTimeout(timer);
        found(url);
      });
      server.once('error', failed);
      server.once('exit', (code) => failed(new Error(`the demo ended with ${code}`)));
    });
    await ready(process.env.FLOORLIGHT_E2E_URL);
  } catch (reason) {
    await stop();
    throw new Error(`${String(reason)}\n${log}`);
  }
  return stop;
}
