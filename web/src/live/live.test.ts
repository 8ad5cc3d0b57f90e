import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { canonical } from './canonical';
import type { Json, JsonObject } from './json';
import { answerLimit, Live, retryDelay, silenceLimit } from './live';
import { TokenEnded } from './refusal';
import type { View } from './topic';
import type { Socket, World } from './world';

/** One side of a connection in the test's hands. */
class FakeSocket implements Socket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  sent: JsonObject[] = [];
  closed = false;

  send(text: string): void {
    this.sent.push(JSON.parse(text) as JsonObject);
  }
  close(): void {
    this.closed = true;
  }
  say(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  drop(code = 1006): void {
    this.onclose?.({ code });
  }
  asked(op: string): JsonObject[] {
    return this.sent.filter((frame) => frame.op === op);
  }
}

/** A world whose time goes on when the test says so. */
class FakeWorld implements World {
  time = 1_000;
  serverAhead = 0;
  refuse: Error | undefined;
  sockets: FakeSocket[] = [];
  tickets: string[] = [];
  private timers: { at: number; run: () => void }[] = [];

  ticket(): Promise<string> {
    return this.refuse ? Promise.reject(this.refuse) : Promise.resolve(`t${this.sockets.length + 1}`);
  }
  open(ticket: string): Socket {
    this.tickets.push(ticket);
    const socket = new FakeSocket();
    this.sockets.push(socket);
    return socket;
  }
  monotonic = (): number => this.time;
  clock = (): number => this.time;
  random = (): number => 0.5;
  after(ms: number, run: () => void): () => void {
    const timer = { at: this.time + ms, run };
    this.timers.push(timer);
    return () => (this.timers = this.timers.filter((one) => one !== timer));
  }
  sha256(text: string): Promise<string> {
    return Promise.resolve(sum(text));
  }

  /** Lets time pass, runs what falls due, and lets promises settle. */
  async pass(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      await settle();
      const due = this.timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.timers = this.timers.filter((timer) => timer !== due);
      this.time = due.at;
      due.run();
    }
    this.time = end;
    await settle();
  }
  get last(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error('no socket was opened');
    return socket;
  }
}

const sum = (text: string): string => createHash('sha256').update(text).digest('hex');
const sumOf = (state: Json): string => sum(canonical(state));
const settle = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await Promise.resolve();
};

let world: FakeWorld;
let live: Live;
let views: View[];
const view = (): View => views.at(-1) as View;
const state = (): JsonObject | undefined => view().state;

beforeEach(() => {
  world = new FakeWorld();
  live = new Live(world);
  views = [];
});

/** Watches the wallboard and brings its connection up, with a snapshot at version 5. */
async function start(): Promise<number> {
  live.watch('wallboard', undefined, (next) => views.push(next));
  await settle();
  world.last.onopen?.();
  world.last.say({ op: 'hello', session: 's', server: 'floorlight/1', now: new Date(world.time).toISOString() });
  const sub = subOf(world.last);
  world.last.say(snapshot(sub, 5, { metrics: { queue_length: { value: 3 } } }));
  return sub;
}

const subOf = (socket: FakeSocket): number => socket.asked('subscribe').at(-1)?.id as number;
const snapshot = (sub: number, version: number, whole: Json, epoch = 'e1'): object => ({
  op: 'snapshot', sub, topic: 'wallboard', epoch, version, seq: version * 10, at: 'now', state: whole,
});
const delta = (sub: number, from: number, version: number, patch: Json, epoch = 'e1'): object => ({
  op: 'delta', sub, topic: 'wallboard', epoch, version, from, seq: version * 10, at: 'now', patch,
});
const queue = (value: number): Json => ({ metrics: { queue_length: { value } } });

/** Loses the connection and waits for the next one to be up. */
async function reconnect(code = 1006): Promise<FakeSocket> {
  const old = world.last;
  old.drop(code);
  for (let i = 0; i < 1_000 && world.last === old; i++) await world.pass(50);
  expect(world.last).not.toBe(old);
  world.last.onopen?.();
  return world.last;
}

describe('a topic', () => {
  it('is the snapshot, then each delta', async () => {
    const sub = await start();
    world.last.say(delta(sub, 5, 6, queue(4)));
    world.last.say(delta(sub, 6, 9, { metrics: { queue_length: null, chats: { value: 1 } } }));
    expect(state()).toEqual({ metrics: { chats: { value: 1 } } });
    expect(view().version).toBe(9);
    expect(view().seq).toBe(90);
  });

  it('comes once for all who watch it, however the filter is written', async () => {
    await start();
    live.watch('queue', { team: ['b', 'a'], channel: [] }, () => {});
    live.watch('queue', { team: ['a', 'b', 'a'] }, () => {});
    const asked = world.last.asked('subscribe');
    expect(asked).toHaveLength(2);
    expect(asked[1]?.filter).toEqual({ team: ['a', 'b'] });
  });

  it('is left when its last watcher goes', async () => {
    const sub = await start();
    const stop = live.watch('wallboard', undefined, () => {});
    stop();
    expect(world.last.asked('unsubscribe')).toEqual([]);
    const before = views.length;
    const other = live.watch('queue', undefined, () => {});
    const otherSub = subOf(world.last);
    other();
    expect(world.last.asked('unsubscribe')).toMatchObject([{ sub: otherSub }]);
    world.last.say(delta(sub, 5, 6, queue(1)));
    expect(views.length).toBe(before + 1);
  });

  it('is fetched anew after a delta that does not follow', async () => {
    const sub = await start();
    world.last.say(delta(sub, 7, 8, queue(9)));
    expect(state()).toEqual(queue(3));
    const again = world.last.asked('subscribe').at(-1);
    expect(again?.id).not.toBe(sub);
    expect(again?.since).toBeUndefined();
    world.last.say(delta(sub, 8, 9, queue(99)));
    expect(state()).toEqual(queue(3));
    world.last.say(snapshot(subOf(world.last), 9, queue(8)));
    expect(state()).toEqual(queue(8));
  });

  it('ignores a delta that it already has', async () => {
    const sub = await start();
    world.last.say(delta(sub, 4, 5, queue(77)));
    expect(state()).toEqual(queue(3));
    expect(world.last.asked('subscribe')).toHaveLength(1);
  });

  it('says why it was refused, and tries again only if that can pass', async () => {
    live.watch('agents', undefined, (next) => views.push(next));
    await settle();
    world.last.onopen?.();
    world.last.say({ op: 'error', id: subOf(world.last), code: 'forbidden', message: 'not for you' });
    expect(view().error?.code).toBe('forbidden');
    await world.pass(retryDelay - 1);
    expect(world.last.asked('subscribe')).toHaveLength(1);

    live.watch('queue', undefined, (next) => views.push(next));
    world.last.say({ op: 'error', id: subOf(world.last), code: 'too_many_filters', message: 'later' });
    world.last.say({ op: 'beat', now: 'x', seq: 1, lag_ms: 0 });
    await world.pass(retryDelay);
    expect(world.last.asked('subscribe')).toHaveLength(3);
  });
});

describe('after a drop', () => {
  it('asks only for what it missed, with a fresh ticket, and proves the result', async () => {
    await start();
    const socket = await reconnect();
    expect(world.tickets).toEqual(['t1', 't2']);
    expect(socket.asked('subscribe')).toMatchObject([{ topic: 'wallboard', since: { epoch: 'e1', version: 5 } }]);
    expect(socket.asked('check')).toMatchObject([{ sub: subOf(socket) }]);
    socket.say(delta(subOf(socket), 5, 6, queue(4)));
    socket.say(delta(subOf(socket), 6, 7, queue(5)));
    expect(state()).toEqual(queue(5));
  });

  it('keeps the old state on the screen until then', async () => {
    await start();
    world.last.drop();
    expect(live.status).toBe('waiting');
    expect(state()).toEqual(queue(3));
  });

  it('takes a snapshot instead, when the server has no deltas any more', async () => {
    await start();
    const socket = await reconnect();
    socket.say(snapshot(subOf(socket), 2, queue(1), 'e2'));
    expect(state()).toEqual(queue(1));
    expect(view().epoch).toBe('e2');
    socket.say(delta(subOf(socket), 2, 3, queue(2), 'e2'));
    expect(state()).toEqual(queue(2));
  });

  it('does not apply deltas of another epoch', async () => {
    await start();
    const socket = await reconnect();
    socket.say(delta(subOf(socket), 5, 6, queue(50), 'e2'));
    expect(state()).toEqual(queue(3));
    expect(socket.asked('subscribe').at(-1)?.since).toBeUndefined();
  });

  it('starts from nothing if the server refuses to go on', async () => {
    await start();
    const socket = await reconnect();
    socket.say({ op: 'error', id: subOf(socket), code: 'bad_since', message: 'what?' });
    expect(socket.asked('subscribe')).toHaveLength(2);
    expect(socket.asked('subscribe')[1]?.since).toBeUndefined();
  });

  it('waits longer each time, and starts over once a connection has held', async () => {
    const gaps: number[] = [];
    await start();
    for (let i = 0; i < 6; i++) {
      const at = world.time;
      const before = world.sockets.length;
      world.last.drop();
      while (world.sockets.length === before) await world.pass(50);
      gaps.push(world.time - at);
    }
    expect(gaps[0]).toBeLessThan(500);
    expect(gaps[5]).toBeGreaterThan((gaps[0] as number) * 8);
    for (let i = 1; i < gaps.length; i++) expect(gaps[i]).toBeGreaterThan(gaps[i - 1] as number);

    world.last.onopen?.();
    world.last.say({ op: 'hello', server: 's', now: '' });
    for (let i = 0; i < 12; i++) {
      await world.pass(1_000);
      world.last.say({ op: 'beat', now: '', seq: 1, lag_ms: 0 });
    }
    const before = world.sockets.length;
    world.last.drop();
    await world.pass(500);
    expect(world.sockets.length).toBe(before + 1);
  });

  it('gives up a connection that has fallen silent without closing', async () => {
    await start();
    const silent = world.last;
    await world.pass(silenceLimit * 1.5);
    expect(silent.closed).toBe(true);
    expect(world.sockets.length).toBeGreaterThan(1);
    silent.say(delta(subOf(silent), 5, 6, queue(1000)));
    expect(state()).toEqual(queue(3));
  });

  it('keeps trying while there is no ticket, and stops when the token has ended', async () => {
    await start();
    world.refuse = new Error('HTTP 503');
    world.last.drop();
    await world.pass(60_000);
    expect(live.status).not.toBe('ended');
    world.refuse = new TokenEnded('HTTP 401');
    await world.pass(60_000);
    expect(live.status).toBe('ended');
    const before = world.sockets.length;
    await world.pass(60_000);
    expect(world.sockets.length).toBe(before);
  });

  it('stops when the server closes it because the token ended', async () => {
    await start();
    world.last.drop(4401);
    expect(live.status).toBe('ended');
  });
});

describe('a checksum', () => {
  it('that fits changes nothing', async () => {
    const sub = await start();
    world.last.say({ op: 'sum', sub, version: 5, sum: sumOf(queue(3)) });
    await settle();
    expect(live.mismatches).toBe(0);
    expect(world.last.asked('subscribe')).toHaveLength(1);
  });

  it('that does not fit fetches the state anew', async () => {
    const sub = await start();
    world.last.say({ op: 'sum', sub, version: 5, sum: sumOf(queue(4)) });
    await settle();
    expect(live.mismatches).toBe(1);
    const again = world.last.asked('subscribe').at(-1);
    expect(again?.id).not.toBe(sub);
    expect(again?.since).toBeUndefined();
    expect(world.last.asked('unsubscribe')).toMatchObject([{ sub }]);
  });

  it('is compared with the state that it was made of, though the next delta is faster', async () => {
    const sub = await start();
    world.last.say({ op: 'sum', sub, version: 5, sum: sumOf(queue(3)) });
    world.last.say(delta(sub, 5, 6, queue(4)));
    await settle();
    expect(live.mismatches).toBe(0);
  });
});

describe('a message', () => {
  it('comes back with its verdict', async () => {
    await start();
    const answer = live.send('c1', 'm1', 'hello');
    const [asked] = world.last.asked('send');
    expect(asked).toMatchObject({ conversation: 'c1', message: 'm1', text: 'hello' });
    world.last.say({ op: 'verdict', id: asked?.id, verdict: 'allow', message: 'm1', violations: [], seq: 7 });
    await expect(answer).resolves.toEqual({ verdict: 'allow', message: 'm1', violations: [] });
  });

  it('is sent again with the same id after a drop, and not after its verdict', async () => {
    await start();
    const answer = live.send('c1', 'm1', 'hello');
    const socket = await reconnect();
    expect(socket.asked('send')).toMatchObject([{ message: 'm1' }]);
    socket.say({ op: 'verdict', id: socket.asked('send')[0]?.id, verdict: 'flag', message: 'm1' });
    expect((await answer).verdict).toBe('flag');
    expect((await reconnect()).asked('send')).toEqual([]);
  });

  it('fails with the reason, and after a while without an answer', async () => {
    await start();
    const refused = live.send('c1', 'm1', 'hello');
    world.last.say({ op: 'error', id: world.last.asked('send')[0]?.id, code: 'unavailable', message: 'cannot store' });
    await expect(refused).rejects.toMatchObject({ code: 'unavailable' });
    const lost = live.send('c1', 'm2', 'hello');
    lost.catch(() => {});
    await world.pass(answerLimit);
    await expect(lost).rejects.toMatchObject({ code: 'timeout' });
  });
});

describe('an acknowledgement', () => {
  it('is repeated after a drop until the notification is gone', async () => {
    live.watch('notifications', undefined, (next) => views.push(next));
    await settle();
    world.last.onopen?.();
    world.last.say({ op: 'snapshot', sub: subOf(world.last), epoch: 'e1', version: 1, seq: 1, at: '', state: { items: { n1: {}, n2: {} } } });
    live.ack(['n1']);
    expect(world.last.asked('ack')).toMatchObject([{ items: ['n1'] }]);
    const socket = await reconnect();
    expect(socket.asked('ack')).toMatchObject([{ items: ['n1'] }]);
    socket.say({ op: 'delta', sub: subOf(socket), epoch: 'e1', version: 2, from: 1, seq: 2, at: '', patch: { items: { n1: null } } });
    expect((await reconnect()).asked('ack')).toEqual([]);
  });
});

describe('the clock', () => {
  it('is the server’s, from the frame that was held up the least', async () => {
    await start();
    world.last.say({ op: 'beat', now: new Date(world.time + 60_000).toISOString(), seq: 1, lag_ms: 40 });
    world.last.say({ op: 'beat', now: new Date(world.time + 59_000).toISOString(), seq: 1, lag_ms: 40 });
    expect(live.now()).toBe(world.time + 60_000);
    expect(live.lag).toBe(40);
  });

  it('knows how old the last frame is', async () => {
    expect(live.age()).toBe(Infinity);
    await start();
    await world.pass(1_500);
    expect(live.age()).toBe(1_500);
  });
});

describe('bad input', () => {
  it('is ignored, and the next frame is read', async () => {
    const sub = await start();
    const bad = ['', '{', 'null', '[]', '{"op":7}', '{"op":"snapshot","sub":1}', '{"op":"later","x":1}', '{"op":"delta","sub":99,"patch":{}}'];
    for (const text of bad) world.last.onmessage?.({ data: text });
    world.last.onmessage?.({ data: new Uint8Array(3) });
    world.last.say(delta(sub, 5, 6, queue(4)));
    expect(state()).toEqual(queue(4));
  });

  it('tells of what others have set up, and with each connection that something may be missed', async () => {
    await start();
    const heard: string[] = [];
    live.onchanged((change) => heard.push(`${change.kind}/${change.id}@${change.version}`));
    world.last.say({ op: 'changed', kind: 'board', id: 'hall', version: 4 });
    world.last.say({ op: 'changed' });
    expect(heard).toEqual(['board/hall@4', '/@0']);
    world.last.say({ op: 'hello', session: 's', server: 'floorlight/1', now: new Date(world.time).toISOString() });
    expect(heard).toHaveLength(3);
  });
});
