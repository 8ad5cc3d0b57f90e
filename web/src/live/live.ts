import { backoff, restartSpread } from './backoff';
import { canonical } from './canonical';
import { protocol, readFrame, type Filter, type Frame, type Snapshot, type Delta, type Sum, type Verdict, type Changed } from './frames';
import type { JsonObject } from './json';
import { mergePatch } from './patch';
import { passing, Refused, TokenEnded } from './refusal';
import { ServerClock } from './serverclock';
import { cleanFilter, Topic, topicKey, type View } from './topic';
import type { Socket, World } from './world';

/** No frame for this long means that the connection is dead, whatever the socket says; beats come every second. */
export const silenceLimit = 8_000;
/** A connection that held for this long starts counting its tries from the beginning when it is lost. */
export const settled = 10_000;
/** A message that was sent and not answered for this long is given up. */
export const answerLimit = 20_000;
/** After a refusal that can pass, a subscription is tried again after this long. */
export const retryDelay = 5_000;

/** `open` carries frames, `waiting` pauses before the next try, `ended` will not try again. */
export type Status = 'idle' | 'connecting' | 'open' | 'waiting' | 'ended';

interface Question {
  frame: JsonObject;
  resolve(verdict: Verdict): void;
  reject(reason: Error): void;
  cancel(): void;
}

/**
 * The one connection of a page: topics that stay right through drops, restarts
 * and skipped frames, and messages whose verdict comes back.
 *
 * It opens with the first watcher or message and stays until it is closed or
 * its token ends.
 */
export class Live {
  status: Status = 'idle';
  /** When the last frame came, by the world's monotonic clock; 0 before the first. */
  lastFrame = 0;
  /** How late the stream's last event was read, by the last beat, in milliseconds. */
  lag = 0;
  /** How far the tenant's stream has been read, by what came last; a report says the same of itself. */
  seq = 0;
  /** The server's name and version, as it said hello. */
  server = '';
  /** How often a checksum told that a state here was wrong, and it was fetched anew. */
  mismatches = 0;
  /** How often the connection was lost. */
  drops = 0;

  private readonly topics = new Map<string, Topic>();
  private readonly bySub = new Map<number, Topic>();
  private readonly questions = new Map<number, Question>();
  private readonly acks = new Set<string>();
  private readonly listeners = new Set<() => void>();
  private readonly changeListeners = new Set<(change: Changed) => void>();
  private socket: Socket | undefined;
  private attempt = 0;
  private nextId = 1;
  private cancelTimer: (() => void) | undefined;
  private cancelWatch: (() => void) | undefined;
  private readonly theirs: ServerClock;
  private generation = 0;
  /** When the server said hello on this connection, 0 before. */
  private helloAt = 0;

  constructor(private readonly world: World) {
    this.theirs = new ServerClock(() => world.clock());
  }

  /** Calls back whenever the status, the server or the clock changes. */
  onchange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Calls back when somebody has changed what is set up, and with each new
   * connection, when nobody can tell what was missed: then the kind is empty.
   */
  onchanged(listener: (change: Changed) => void): () => void {
    this.changeListeners.add(listener);
    return () => this.changeListeners.delete(listener);
  }

  /** The server's clock, in milliseconds since 1970, as well as it is known. */
  now(): number {
    return this.world.clock() + this.offset();
  }

  /** What has to be added to this machine's clock to get the server's. */
  offset(): number {
    return this.theirs.offset();
  }

  /** How long ago the last frame came, in milliseconds; Infinity before the first. */
  age(): number {
    return this.lastFrame ? this.world.monotonic() - this.lastFrame : Infinity;
  }

  /** Watches a topic until the returned function is called. The present view comes at once. */
  watch(name: string, filter: Filter | undefined, watcher: (view: View) => void): () => void {
    const key = topicKey(name, filter);
    let topic = this.topics.get(key);
    if (!topic) {
      topic = new Topic(key, name, filter);
      this.topics.set(key, topic);
      if (this.status === 'open') this.subscribe(topic);
    }
    const watched = topic;
    watched.watchers.add(watcher);
    watcher(watched.view);
    if (this.status === 'idle') this.connect();
    return () => {
      watched.watchers.delete(watcher);
      if (watched.watchers.size > 0 || this.topics.get(key) !== watched) return;
      this.unsubscribe(watched);
      this.topics.delete(key);
    };
  }

  /**
   * Sends a message of the agent's and returns the inline check's verdict. If
   * the connection drops it is sent again: the server answers a message id that
   * it knows from what is stored, so nothing is sent twice.
   */
  send(conversation: string, message: string, text: string): Promise<Verdict> {
    return new Promise((resolve, reject) => {
      if (this.status === 'ended') {
        reject(new TokenEnded('the token has ended'));
        return;
      }
      const id = this.nextId++;
      const settle = (): void => {
        this.questions.delete(id);
        cancel();
      };
      const cancel = this.world.after(answerLimit, () => {
        settle();
        reject(new Refused('timeout', 'no answer'));
      });
      const question: Question = {
        frame: { op: 'send', id, conversation, message, text },
        resolve: (verdict) => (settle(), resolve(verdict)),
        reject: (reason) => (settle(), reject(reason)),
        cancel,
      };
      this.questions.set(id, question);
      if (this.status === 'open') this.write(question.frame);
      else if (this.status === 'idle') this.connect();
    });
  }

  /** Acknowledges notifications; again after a drop, until they are gone from the topic. */
  ack(items: string[]): void {
    for (const item of items) this.acks.add(item);
    if (this.status === 'open' && items.length) this.write({ op: 'ack', items });
  }

  /** Asks for a topic's checksum; a state that is wrong is then fetched anew. */
  check(name: string, filter?: Filter): void {
    const topic = this.topics.get(topicKey(name, filter));
    if (topic?.sub) this.write({ op: 'check', id: this.nextId++, sub: topic.sub });
  }

  /** Tries again now instead of after the pause, for instance because the network is back. */
  hurry(): void {
    if (this.status === 'waiting') this.connect();
    else if (this.status === 'open' && this.age() > silenceLimit) this.lost(0);
  }

  /** Connects anew with what the world's tickets are now made of; the topics stay. */
  revive(): void {
    if (this.status === 'idle') return;
    this.drop();
    this.attempt = 0;
    this.connect();
  }

  /** Ends the connection and everything that waits for it. */
  close(): void {
    this.end('idle');
    this.seq = 0;
    for (const topic of this.topics.values()) topic.cancelRetry?.();
    this.topics.clear();
  }

  private connect(): void {
    this.cancelTimer?.();
    const mine = ++this.generation;
    this.become('connecting');
    this.world.ticket().then(
      (ticket) => {
        if (mine === this.generation) this.openSocket(ticket, mine);
      },
      (reason: unknown) => {
        if (mine !== this.generation) return;
        if (reason instanceof TokenEnded) this.end('ended');
        else this.lost(0);
      },
    );
  }

  private openSocket(ticket: string, mine: number): void {
    const socket = this.world.open(ticket, protocol);
    this.socket = socket;
    this.cancelTimer = this.world.after(silenceLimit, () => this.lost(0));
    socket.onopen = () => {
      if (mine !== this.generation) return;
      this.cancelTimer?.();
      this.become('open');
      for (const topic of this.topics.values()) this.subscribe(topic);
      for (const question of this.questions.values()) this.write(question.frame);
      if (this.acks.size) this.write({ op: 'ack', items: [...this.acks] });
      this.watchSilence(this.world.monotonic());
    };
    socket.onmessage = (event) => {
      if (mine !== this.generation || typeof event.data !== 'string') return;
      this.lastFrame = this.world.monotonic();
      const frame = readFrame(event.data);
      if (frame) this.take(frame);
    };
    socket.onclose = (event) => {
      if (mine === this.generation) this.lost(event.code);
    };
  }

  /** Gives the connection up when nothing comes any more; a cut cable closes no socket. */
  private watchSilence(since: number): void {
    this.cancelWatch = this.world.after(silenceLimit / 4, () => {
      if (this.world.monotonic() - Math.max(since, this.lastFrame) > silenceLimit) this.lost(0);
      else this.watchSilence(since);
    });
  }

  private lost(code: number): void {
    this.drop();
    if (code === 4401 || code === 4403) {
      this.end('ended');
      return;
    }
    this.drops++;
    if (this.helloAt && this.world.monotonic() - this.helloAt > settled) this.attempt = 0;
    this.helloAt = 0;
    this.become('waiting');
    const spread = code === 1012 ? this.world.random() * restartSpread : 0;
    const pause = backoff(this.attempt++, this.world.random()) + spread;
    this.cancelTimer = this.world.after(pause, () => this.connect());
  }

  /** Lets go of the socket without waiting for its closing, which a dead network never confirms. */
  private drop(): void {
    this.generation++;
    this.cancelTimer?.();
    this.cancelWatch?.();
    const socket = this.socket;
    this.socket = undefined;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
    this.bySub.clear();
    for (const topic of this.topics.values()) topic.sub = 0;
  }

  private end(status: 'idle' | 'ended'): void {
    this.drop();
    for (const question of [...this.questions.values()]) question.reject(new TokenEnded('the connection has ended'));
    this.become(status);
  }

  private become(status: Status): void {
    this.status = status;
    for (const listener of this.listeners) listener();
  }

  private write(frame: JsonObject): void {
    this.socket?.send(JSON.stringify(frame));
  }

  private subscribe(topic: Topic): void {
    topic.cancelRetry?.();
    const id = this.nextId++;
    topic.sub = id;
    topic.resumed = topic.view.state !== undefined && topic.view.epoch !== '';
    this.bySub.set(id, topic);
    const frame: JsonObject = { op: 'subscribe', id, topic: topic.name };
    if (topic.filter) frame.filter = cleanFilter(topic.filter);
    if (topic.resumed) frame.since = { epoch: topic.view.epoch, version: topic.view.version };
    this.write(frame);
    // What was patched together over a gap is proven at once.
    if (topic.resumed) this.write({ op: 'check', id: this.nextId++, sub: id });
  }

  private unsubscribe(topic: Topic): void {
    topic.cancelRetry?.();
    if (!topic.sub) return;
    this.bySub.delete(topic.sub);
    if (this.status === 'open') this.write({ op: 'unsubscribe', id: this.nextId++, sub: topic.sub });
    topic.sub = 0;
  }

  /** Forgets where a topic stood and asks for all of it; what is on the screen stays until it comes. */
  private anew(topic: Topic): void {
    this.unsubscribe(topic);
    topic.view = { ...topic.view, epoch: '' };
    this.subscribe(topic);
  }

  private take(frame: Frame): void {
    switch (frame.op) {
      case 'hello':
        this.helloAt = this.world.monotonic();
        this.server = frame.server;
        this.theirs.learn(frame.now);
        this.become(this.status);
        this.tell({ op: 'changed', kind: '', id: '', version: 0 });
        break;
      case 'changed':
        this.tell(frame);
        break;
      case 'beat':
        this.lag = frame.lag;
        this.seq = frame.seq;
        this.theirs.learn(frame.now);
        break;
      case 'snapshot':
        this.takeSnapshot(frame);
        break;
      case 'delta':
        this.takeDelta(frame);
        break;
      case 'sum':
        void this.takeSum(frame);
        break;
      case 'verdict':
        this.questions.get(frame.id)?.resolve(frame.verdict);
        break;
      case 'error':
        this.takeError(frame.id, new Refused(frame.code, frame.message));
        break;
      case 'other':
        break;
    }
  }

  private tell(change: Changed): void {
    for (const listener of this.changeListeners) listener(change);
  }

  private takeSnapshot(frame: Snapshot): void {
    const topic = this.bySub.get(frame.sub);
    if (!topic) return;
    const { epoch, version, seq, at, state } = frame;
    this.seq = seq;
    topic.show({ state, epoch, version, seq, at, error: undefined });
    this.prune(topic);
  }

  private takeDelta(frame: Delta): void {
    const topic = this.bySub.get(frame.sub);
    if (!topic) return;
    const view = topic.view;
    if (view.state === undefined || frame.epoch !== view.epoch) {
      this.anew(topic);
      return;
    }
    if (frame.version <= view.version) return;
    if (frame.from !== view.version) {
      this.anew(topic);
      return;
    }
    const state = mergePatch(view.state, frame.patch) as JsonObject;
    this.seq = frame.seq;
    topic.show({ state, version: frame.version, seq: frame.seq, at: frame.at, error: undefined });
    this.prune(topic);
  }

  private async takeSum(frame: Sum): Promise<void> {
    const topic = this.bySub.get(frame.sub);
    if (!topic || topic.view.state === undefined || topic.view.version !== frame.version) return;
    const sum = await this.world.sha256(canonical(topic.view.state));
    if (sum === frame.sum.toLowerCase() || topic.sub !== frame.sub || this.status !== 'open') return;
    this.mismatches++;
    this.anew(topic);
  }

  private takeError(id: number | undefined, reason: Refused): void {
    if (id === undefined) return;
    this.questions.get(id)?.reject(reason);
    const topic = this.bySub.get(id);
    if (!topic) return;
    if (topic.resumed) {
      this.anew(topic);
      return;
    }
    this.bySub.delete(id);
    topic.sub = 0;
    topic.show({ error: reason });
    if (!passing.has(reason.code)) return;
    topic.cancelRetry = this.world.after(retryDelay, () => {
      if (this.status === 'open' && !topic.sub) this.subscribe(topic);
    });
  }

  /** An acknowledged item that is gone from the topic need not be acknowledged again. */
  private prune(topic: Topic): void {
    if (topic.name !== 'notifications' || !this.acks.size) return;
    const items = topic.view.state?.items;
    const present = new Set(items && typeof items === 'object' ? Object.keys(items) : []);
    for (const item of this.acks) if (!present.has(item)) this.acks.delete(item);
  }
}
