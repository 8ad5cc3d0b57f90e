// A test double of the server's live edge, for what a real one cannot be made to
// do on demand: to fall silent, to drop connections, to send a wrong patch, to
// cross midnight. It speaks contract/live.md as far as the pages use it.
//
//   node e2e/fake/server.mjs [--port 0] [--agents 24] [--tick 200]
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { WebSocketServer } from 'ws';
import { makeDesk } from './desk.mjs';
import { makeReports } from './reports.mjs';

const policy =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const build = process.env.FLOORLIGHT_WEB_BUILD ?? fileURLToPath(new URL('../../build', import.meta.url));
const kinds = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.json': 'application/json' };
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The RFC 7396 patch from one state to another; undefined if they are equal. */
function diff(from, to) {
  if (!isObject(from) || !isObject(to)) return JSON.stringify(from) === JSON.stringify(to) ? undefined : to;
  const patch = {};
  for (const key of Object.keys(from)) if (!(key in to)) patch[key] = null;
  for (const key of Object.keys(to)) {
    const change = key in from ? diff(from[key], to[key]) : to[key];
    if (change !== undefined) patch[key] = change;
  }
  return Object.keys(patch).length ? patch : undefined;
}

function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  return `{${Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)
    .join(',')}}`;
}

export async function startFake({ port = 0, agents = 24, tick = 200 } = {}) {
  const desk = makeDesk(7, agents);
  const reports = makeReports();
  const topics = new Map();
  const sockets = new Set();
  const tickets = new Map();
  let epoch = 'e1';
  let seq = 1000;
  let frozen = false;
  let revoked = false;
  let corrupt = false;
  let version = 'floorlight/1.0.0';
  let snapshots = 0;
  /** What is computed anew: undefined, a desk's definitions, or the whole past after an update. */
  let renewal;
  const percent = { begun: 12, further: 47 };
  let far = percent.begun;

  function topic(name, filter) {
    const key = `${name} ${JSON.stringify(filter ?? {})}`;
    if (!topics.has(key)) topics.set(key, { name, filter, version: 1, state: desk.state(name, filter), ring: [] });
    return topics.get(key);
  }

  const roles = {
    'token-service-0123456789': 'service',
    'token-supervisor-0123456789': 'supervisor', 'token-wallboard-0123456789': 'wallboard', 'token-agent-0123456789': 'agent' };
  const bearer = (request) => roles[(request.headers.authorization ?? '').replace('Bearer ', '')];

  function send(socket, frame) {
    if (!frozen && socket.readyState === 1) {
      socket.send(JSON.stringify(frame));
      socket.last = Date.now();
    }
  }

  function advance() {
    if (frozen) return;
    desk.turn();
    publish();
  }

  function publish() {
    seq++;
    let corrupted = false;
    for (const one of topics.values()) {
      const state = desk.state(one.name, one.filter);
      const patch = diff(one.state, state);
      if (!patch) continue;
      one.state = state;
      one.version++;
      const delta = { topic: one.name, epoch, version: one.version, from: one.version - 1, seq, at: new Date().toISOString(), patch };
      one.ring.push(delta);
      if (one.ring.length > 600) one.ring.shift();
      for (const socket of sockets) {
        for (const [sub, watched] of socket.subs) {
          if (watched !== one) continue;
          const wrong = corrupt && one.name === 'wallboard';
          corrupted ||= wrong;
          send(socket, { op: 'delta', sub, ...delta, ...(wrong ? { patch: { metrics: { queue_length: { value: 999 } } } } : {}) });
        }
      }
    }
    if (corrupted) corrupt = false;
    return corrupted;
  }

  function answer(socket, frame) {
    const { op, id } = frame;
    if (op === 'subscribe') {
      if (renewal === 'fold') return send(socket, { op: 'error', id, code: 'not_ready', message: 'The server is still catching up.' });
      if (!desk.state(frame.topic, frame.filter)) return send(socket, { op: 'error', id, code: 'unknown_topic', message: 'no such topic' });
      if (socket.role === 'agent' && !['notifications', 'inbox'].includes(frame.topic)) return send(socket, { op: 'error', id, code: 'forbidden', message: 'not for agents' });
      const one = topic(frame.topic, frame.filter);
      socket.subs.set(id, one);
      const { since } = frame;
      const missing = since && since.epoch === epoch ? one.ring.filter((delta) => delta.version > since.version) : undefined;
      const whole = missing && (since.version === one.version || missing[0]?.from === since.version);
      if (whole) for (const delta of missing) send(socket, { op: 'delta', sub: id, ...delta });
      else snapshots++, send(socket, { op: 'snapshot', sub: id, topic: one.name, epoch, version: one.version, seq, at: new Date().toISOString(), state: one.state });
      socket.resumed ||= Boolean(whole);
    } else if (op === 'unsubscribe') {
      socket.subs.delete(frame.sub);
      send(socket, { op: 'ok', id });
    } else if (op === 'check') {
      const one = socket.subs.get(frame.sub);
      if (one) send(socket, { op: 'sum', id, sub: frame.sub, version: one.version, sum: createHash('sha256').update(canonical(one.state)).digest('hex') });
    } else if (op === 'ack') {
      desk.acknowledge(frame.items);
      publish();
    } else if (op === 'send') {
      const found = /\+?\d[\d -]{7,}\d/.exec(frame.text);
      const violations = [];
      if (found) {
        const start = Buffer.byteLength(frame.text.slice(0, found.index));
        violations.push({
          rule: 'contact.phone',
          category: 'off_platform_contact',
          severity: 'block',
          start,
          end: start + Buffer.byteLength(found[0]),
          explanation: { en: 'Phone numbers may not be exchanged in this chat.', zh: '会话中不得交换电话号码。' },
        });
        desk.block({ conversation: frame.conversation, message: frame.message, text: frame.text, violations });
      }
      send(socket, { op: 'verdict', id, verdict: found ? 'block' : 'allow', message: frame.message, violations, seq });
      publish();
    } else {
      send(socket, { op: 'error', id, code: 'unknown_op', message: `no op ${op}` });
    }
  }

  const tell = (kind) => sockets.forEach((socket) => send(socket, { op: 'changed', kind }));

  const controls = {
    freeze: () => (frozen = true),
    thaw: () => (frozen = false),
    drop: () => sockets.forEach((socket) => socket.terminate()),
    midnight: () => (desk.midnight(), publish()),
    // A turn need not move the wallboard, and then nothing is sent that could be wrong.
    corrupt: () => {
      corrupt = true;
      for (let turns = 0; turns < 100; turns++) {
        desk.turn();
        if (publish()) return;
      }
    },
    check: () => sockets.forEach((socket) => socket.subs.forEach((_, sub) => answer(socket, { op: 'check', id: 0, sub }))),
    epoch: () => ((epoch = `e${Number(epoch.slice(1)) + 1}`), topics.forEach((one) => (one.ring = [])), sockets.forEach((socket) => socket.close(1012))),
    upgrade: () => ((version = 'floorlight/1.0.1'), sockets.forEach((socket) => socket.close(1012))),
    redefine: () => ((renewal = 'profile'), (far = percent.begun), tell('refold')),
    update: () => ((renewal = 'fold'), (far = percent.begun), controls.epoch()),
    further: () => (far = percent.further),
    renewed: () => ((renewal = undefined), tell('refold')),
    revoke: () => ((revoked = true), sockets.forEach((socket) => socket.close(4401))),
    restore: () => (revoked = false),
    ...reports.control,
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://fake');
    const reply = (status, body) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    const part = url.pathname.split('/');
    if (part[1] === 'fake') {
      if (request.method === 'GET') return reply(200, { resumed: [...sockets].some((socket) => socket.resumed), sockets: sockets.size, snapshots });
      if (!controls[part[2]]) return reply(404, {});
      controls[part[2]]();
      return reply(200, {});
    }
    const progress = { for: renewal, percent: far, seconds_left: 200, desks: 1 };
    if (url.pathname === '/readyz') return reply(200, { ready: renewal !== 'fold', parts: {}, ...(renewal ? { recomputing: [progress] } : {}) });
    if (part[1] !== 'v1') {
      const file = join(build, url.pathname);
      const isFile = extname(file) !== '' && existsSync(file);
      const body = readFileSync(isFile ? file : join(build, 'index.html'));
      response.writeHead(200, { 'content-type': kinds[isFile ? extname(file) : '.html'], 'content-security-policy': policy });
      return response.end(body);
    }
    if (url.pathname === '/v1/demo/roles') {
      return reply(200, {
        tenants: [
          { tenant: 'outlet', name: 'Lena’s Outlet', roles: Object.entries(roles).map(([token, role]) => ({ role, token, agent: role === 'agent' ? 'a1' : '' })) },
          { tenant: 'cafe', name: '晨光咖啡', roles: [{ role: 'supervisor', token: 'token-supervisor-0123456789', agent: '' }] },
        ],
      });
    }
    const role = revoked ? undefined : bearer(request);
    if (!role) return reply(401, { code: 'unauthorized' });
    if (url.pathname === '/v1/me') return reply(200, { tenant: 'outlet', name: 'Lena’s Outlet', role, user: 'u1', ...(role === 'agent' ? { agent: 'a1' } : {}) });
    if (url.pathname === '/v1/tickets' && request.method === 'POST') {
      const ticket = randomUUID();
      tickets.set(ticket, role);
      return reply(200, { ticket });
    }
    if (url.pathname === '/v1/events' && request.method === 'POST') {
      let body = '';
      request.on('data', (part) => (body += part));
      request.on('end', () => reply(200, { accepted: JSON.parse(body).length }));
      return undefined;
    }
    if (url.pathname === '/v1/refold') return reply(200, { ...progress, for: 'profile', state: renewal === 'profile' ? 'running' : 'done', profile: 'wecom@4' });
    const report = reports.answer(url);
    if (report) return reply(...report);
    if (url.pathname === '/v1/thresholds') return reply(200, { version: 0, thresholds: [] });
    if (url.pathname === '/v1/boards') return reply(200, { boards: [] });
    if (part[2] === 'live' && part[4] === 'series') {
      return reply(200, desk.series((url.searchParams.get('metric') ?? '').split(','), Number(url.searchParams.get('minutes'))));
    }
    if (part[2] === 'live' && desk.state(part[3])) {
      const one = topic(part[3]);
      return reply(200, { topic: one.name, epoch, version: one.version, seq, at: new Date().toISOString(), state: one.state });
    }
    return reply(404, { code: 'not_found' });
  });

  const wss = new WebSocketServer({ noServer: true, handleProtocols: () => 'floorlight.v1' });
  server.on('upgrade', (request, raw, head) => {
    const url = new URL(request.url, 'http://fake');
    const ticket = url.searchParams.get('ticket');
    const role = tickets.get(ticket);
    tickets.delete(ticket);
    if (url.pathname !== '/v1/live' || !role || frozen) return raw.destroy();
    wss.handleUpgrade(request, raw, head, (socket) => {
      Object.assign(socket, { role, subs: new Map(), last: Date.now(), resumed: false });
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('message', (data) => answer(socket, JSON.parse(String(data))));
      send(socket, { op: 'hello', session: randomUUID(), server: version, now: new Date().toISOString() });
    });
  });

  const turning = setInterval(advance, tick);
  const beating = setInterval(() => {
    for (const socket of sockets) {
      if (Date.now() - socket.last >= 1000) send(socket, { op: 'beat', now: new Date().toISOString(), seq, lag_ms: 3 });
    }
  }, 100);

  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    stop() {
      clearInterval(turning);
      clearInterval(beating);
      sockets.forEach((socket) => socket.terminate());
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { port: { type: 'string' }, agents: { type: 'string' }, tick: { type: 'string' } } });
  const fake = await startFake({ port: Number(values.port ?? 0), agents: Number(values.agents ?? 24), tick: Number(values.tick ?? 200) });
  console.log(`listening on ${fake.url}`);
}
