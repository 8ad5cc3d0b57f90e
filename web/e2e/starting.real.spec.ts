import { createServer, type AddressInfo, type Socket } from 'node:net';
import { startRelay } from './relay';
import { startServer } from './server';
import { expect, test, untilLive } from './site';

test('a television that was there before the server gets its board by itself, with the token of its link', async ({ page, site, complaints }) => {
  // A database that takes connections and never says a word: its server stays starting.
  const sockets = new Set<Socket>();
  const silent = createServer((socket) => void sockets.add(socket.on('error', () => socket.destroy())));
  await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening));
  const starting = await startServer('serve', ['--database-url', `postgres://nobody@127.0.0.1:${(silent.address() as AddressInfo).port}/none?sslmode=disable`], {}, true);
  const relay = await startRelay(starting.url);
  try {
    let asked = 0;
    page.on('response', (response) => {
      if (response.request().isNavigationRequest() && response.status() === 503) asked++;
    });
    const link = `${relay.url}/wallboard?lang=en#${await site.token('wallboard')}`;
    await page.goto(link);
    await expect(page.getByRole('heading')).toHaveText('Floorlight is starting');
    await expect.poll(() => asked, { timeout: 20_000 }).toBeGreaterThan(2);
    expect(page.url()).toBe(link);

    relay.turn(site.url);
    await untilLive(page);
    await expect(page.locator('[data-tile="queue_length"] .figure')).toHaveText(/\d/);
    await expect(page, 'the token is not left where it can be seen').toHaveURL(`${relay.url}/wallboard?lang=en`);
    // The browser says of each answer that it was a 503, and of nothing else.
    expect(complaints.filter((one) => !one.includes('status of 503'))).toEqual([]);
    complaints.length = 0;
  } finally {
    await relay.stop();
    await starting.stop();
    for (const socket of sockets) socket.destroy();
    silent.close();
  }
});
