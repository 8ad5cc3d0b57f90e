import { startServer } from './server';

/** How long the demo may take until the desks have their past. */
const pastLimit = 300_000;

/** Waits until the desks have opened, with their past behind them. */
async function opened(url: string): Promise<void> {
  const end = Date.now() + pastLimit;
  for (;;) {
    const answer = await fetch(`${url}/v1/demo/roles`);
    const { past } = (await answer.json()) as { past: number };
    if (answer.ok && past >= 1) return;
    if (Date.now() > end) throw new Error(`the demo is not ready after ${pastLimit} ms: HTTP ${answer.status}, ${Math.round(past * 100)} % of the past`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/**
 * Starts `floorlight demo` with two weeks behind it, and returns what stops it
 * again. It is busier than a visitor gets it: nobody waits for something to happen.
 * For work on the pages FLOORLIGHT_E2E_URL names one that runs already.
 */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.FLOORLIGHT_E2E_URL) return undefined;
  // Whoever ends the run early ends its server with it.
  process.once('SIGTERM', () => process.exit(143));
  const demo = await startServer('demo', ['--days', '15', '--rate', '4', '--agents', '16']);
  process.env.FLOORLIGHT_E2E_URL = demo.url;
  try {
    await opened(demo.url);
  } catch (reason) {
    await demo.stop();
    throw new Error(`${String(reason)}\n${demo.log()}`);
  }
  return () => demo.stop();
}
