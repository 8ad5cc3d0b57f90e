import { isObject } from '../live/json';
import { Live } from '../live/live';
import { TokenEnded } from '../live/refusal';
import { browserWorld } from '../live/world';
import { Unreadable } from './answered';
import { decoded } from './decoded';
import { apart } from './personname';
import { prefs } from './prefs.svelte';

export type Role = 'owner' | 'admin' | 'supervisor' | 'agent' | 'wallboard' | 'service' | 'operator';
const roles: readonly string[] = ['owner', 'admin', 'supervisor', 'agent', 'wallboard', 'service', 'operator'];

/** Who the token is, as GET /v1/me tells. */
export interface Me {
  tenant: string;
  /** The tenant's name, or its id. */
  name: string;
  role: Role;
  user: string;
  agent: string;
  /** How much of a demo's past there was when the server was asked, 0 to 1; 1 at every other desk. */
  past: number;
  /** When the token ends by itself, in milliseconds since 1970; Infinity where it does not. */
  expires: number;
}

/** A role that a demo server offers. */
export interface DemoRole {
  role: Role;
  token: string;
  agent: string;
}
export interface DemoTenant {
  tenant: string;
  name: string;
  /** The preset that the desk works by. */
  profile: string;
  roles: DemoRole[];
}
export interface Demo {
  tenants: DemoTenant[];
  /** How much of the desks' past has been made up, 0 to 1. */
  past: number;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const tokenKey = 'floorlight.token';

function stored(): string {
  try {
    return sessionStorage.getItem(tokenKey) ?? '';
  } catch {
    return '';
  }
}

function store(token: string): void {
  try {
    if (token) sessionStorage.setItem(tokenKey, token);
    else sessionStorage.removeItem(tokenKey);
  } catch {
    // Without storage the token lasts as long as the page.
  }
}

const endedKey = 'floorlight.ended';

/** Since when this tab has had no access, in milliseconds since 1970; it outlives the page, as what it showed does not. */
function storedEnd(): number | undefined {
  try {
    return Number(sessionStorage.getItem(endedKey)) || undefined;
  } catch {
    return undefined;
  }
}

function storeEnd(at: number | undefined): void {
  try {
    if (at === undefined) sessionStorage.removeItem(endedKey);
    else sessionStorage.setItem(endedKey, String(at));
  } catch {
    // Without storage a page that is loaded anew cannot say since when.
  }
}

/**
 * Takes a kiosk's token from behind the `#` and removes it from the address, so
 * that it is neither seen on the screen nor kept in the history.
 */
function tokenFromAddress(): string {
  const text = decoded(location.hash.slice(1));
  const token = text.startsWith('token=') ? text.slice('token='.length) : text;
  // An anchor is short and a token is not.
  if (token.length < 20) return '';
  history.replaceState(history.state, '', location.pathname + location.search);
  return token;
}

/** `unknown` until the server has said who the token is. */
type State = 'out' | 'unknown' | 'in' | 'unreachable' | 'ended';

class Session {
  state = $state<State>('out');
  me = $state.raw<Me | undefined>(undefined);
  /** When access ended, by the server's clock, as far as it was seen here. */
  endedAt = $state<number | undefined>(undefined);
  /** How often access came back that had ended: what was refused meanwhile is asked for again. */
  renewed = $state(0);
  /** The page's one connection. */
  readonly live = new Live(browserWorld(() => this.token));
  private token = '';

  constructor() {
    addEventListener('hashchange', () => this.takeAddress());
    this.live.onchange(() => {
      if (this.live.status === 'ended') this.end();
    });
    addEventListener('online', () => this.retry());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') this.live.hurry();
    });
    if (this.takeAddress()) return;
    this.endedAt = storedEnd();
    if (stored()) void this.signIn(stored());
    else if (this.endedAt !== undefined) this.state = 'ended';
  }

  /** Signs in with a token. Resolves to whether the server knows it. */
  async signIn(token: string): Promise<boolean> {
    this.live.close();
    this.token = token.trim();
    // It has left the address: a reload before the server answers must find it again.
    store(this.token);
    this.me = undefined;
    this.state = 'unknown';
    try {
      const me = readMe(await this.get('/v1/me'));
      if (!me) throw new TokenEnded('the server did not say who the token is');
      this.me = me;
      this.state = 'in';
      this.forgetEnd();
      return true;
    } catch (reason) {
      if (reason instanceof TokenEnded) {
        store('');
        this.token = '';
        this.state = 'ended';
      } else {
        this.state = 'unreachable';
        // A television has nobody who would press a button.
        setTimeout(() => this.retry(), 5_000);
      }
      return false;
    }
  }

  /**
   * Goes on with a new token where the old one has ended, on the same page and
   * with all that is written there, if it is the same person's; somebody else
   * comes in anew.
   */
  async renew(token: string): Promise<'in' | 'bad' | 'unreachable'> {
    const fresh = token.trim();
    let me: Me | undefined;
    try {
      me = readMe(await (await this.ask('/v1/me', { headers: { authorization: `Bearer ${fresh}` } })).json());
    } catch (reason) {
      return reason instanceof TokenEnded ? 'bad' : 'unreachable';
    }
    if (!me) return 'bad';
    const old = this.me;
    if (!old || me.tenant !== old.tenant || me.role !== old.role || me.agent !== old.agent) {
      return (await this.signIn(fresh)) ? 'in' : 'bad';
    }
    this.token = fresh;
    store(fresh);
    // Who asks whether it is still the same visit finds that it is: what was read in it stays.
    Object.assign(old, me);
    this.state = 'in';
    this.forgetEnd();
    this.renewed++;
    this.live.revive();
    return 'in';
  }

  private end(): void {
    if (this.state !== 'in') return;
    this.state = 'ended';
    this.endedAt = Math.min(this.live.now(), this.me?.expires ?? Infinity);
    storeEnd(this.endedAt);
  }

  /** Nothing is left of an access that has ended. */
  private forgetEnd(): void {
    this.endedAt = undefined;
    storeEnd(undefined);
  }

  signOut(): void {
    this.live.close();
    store('');
    this.token = '';
    this.me = undefined;
    this.state = 'out';
    this.forgetEnd();
  }

  /** Asks the server something with the token. Throws TokenEnded, or HttpError with the problem's own words. */
  async get(path: string, signal?: AbortSignal): Promise<unknown> {
    return json(await this.ask(path, {}, signal));
  }

  /** Sends something with the token; the answer is its JSON, or undefined where there is none. */
  async send(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<unknown> {
    const response = await this.ask(path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    return text === '' ? undefined : JSON.parse(text);
  }

  /** A file of the server's, as long as it may take. */
  async file(path: string): Promise<Blob> {
    return (await this.ask(path, {}, undefined, 300_000)).blob();
  }

  private async ask(path: string, init: RequestInit & { headers?: Record<string, string> }, signal?: AbortSignal, limit = 30_000): Promise<Response> {
    const timeout = AbortSignal.timeout(limit);
    const response = await fetch(path, {
      ...init,
      headers: { 'accept-language': prefs.language, ...(this.token ? { authorization: `Bearer ${this.token}` } : {}), ...init.headers },
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    if (response.status === 401) {
      // Not that of a token which somebody tries.
      if (!init.headers?.authorization) this.end();
      throw new TokenEnded('the token is not accepted');
    }
    if (!response.ok) throw await problem(response);
    return response;
  }

  /**
   * What a demo server offers, each time that it has come further, until its
   * past is made; no desks, and nothing to wait for, on a normal one. Ends early
   * when the signal says so.
   */
  async *demo(gone: AbortSignal): AsyncGenerator<Demo> {
    while (!gone.aborted) {
      try {
        const demo = readDemo(await this.get('/v1/demo/roles'));
        if (demo.tenants.length) yield demo;
        if (demo.tenants.length && demo.past >= 1) return;
      } catch (reason) {
        if (!(reason instanceof HttpError)) return;
        // No demo (any more): it has no past to wait for.
        if (reason.status === 404) yield { tenants: [], past: 1 };
        if (reason.status !== 503) return;
      }
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }

  private takeAddress(): boolean {
    const token = tokenFromAddress();
    if (token) void this.signIn(token);
    return token !== '';
  }

  private retry(): void {
    if (this.state === 'unreachable' && this.token) void this.signIn(this.token);
    else this.live.hurry();
  }
}

/** An answer with a status that is not success: a problem document of RFC 9457, as far as it came. */
export class HttpError extends Error {
  override name = 'HttpError';
  constructor(
    readonly status: number,
    /** The problem's stable code; empty where the answer had none. */
    readonly code = '',
    detail = '',
    /** The parameter that is at fault. */
    readonly field = '',
    /** After how many seconds the server wants to be asked again; 0 where it has not said. */
    readonly after = 0,
  ) {
    super(detail || `HTTP ${status}`);
  }
}

/** The body of an answer; what is no JSON comes from somebody in between. */
async function json(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (reason) {
    throw reason instanceof SyntaxError ? new Unreadable('the answer is no JSON') : reason;
  }
}

async function problem(response: Response): Promise<HttpError> {
  let body: unknown;
  try {
    body = await response.json();
  } catch {
    // A proxy in between may answer with anything.
  }
  const after = Number(response.headers.get('retry-after')) || 0;
  if (!isObject(body)) return new HttpError(response.status, '', '', '', after);
  return new HttpError(response.status, text(body.code), text(body.detail) || text(body.title), text(body.field), after);
}

function readMe(raw: unknown): Me | undefined {
  if (!isObject(raw) || !roles.includes(text(raw.role))) return undefined;
  return {
    tenant: text(raw.tenant),
    name: apart(text(raw.name) || text(raw.tenant)),
    role: raw.role as Role,
    user: text(raw.user),
    agent: text(raw.agent),
    past: typeof raw.past === 'number' ? raw.past : 1,
    expires: Date.parse(text(raw.expires_at)) || Infinity,
  };
}

function readDemo(raw: unknown): Demo {
  const tenants = isObject(raw) && Array.isArray(raw.tenants) ? raw.tenants : [];
  const past = isObject(raw) && typeof raw.past === 'number' ? raw.past : 1;
  return { past, tenants: tenants.filter(isObject).map(readTenant) };
}

function readTenant(tenant: Record<string, unknown>): DemoTenant {
  return {
    tenant: text(tenant.tenant),
    name: apart(text(tenant.name) || text(tenant.tenant)),
    profile: text(tenant.profile),
    roles: (Array.isArray(tenant.roles) ? tenant.roles : [])
      .filter(isObject)
      .filter((role) => roles.includes(text(role.role)))
      .map((role) => ({ role: role.role as Role, token: text(role.token), agent: text(role.agent) })),
  };
}

export const session = new Session();
