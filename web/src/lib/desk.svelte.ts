import { untrack } from 'svelte';
import { isObject } from '../live/json';
import { Again } from './again';
import { answered } from './answered';
import { readCatalogue, readSettings, usualSettings, type Entry, type Settings } from './catalogue';
import { apart } from './personname';
import { own, prefs } from './prefs.svelte';
import { session } from './session.svelte';
import { readAgents, type Named } from './states';
import type { Manner } from './value';

/** What has a name behind its id. */
export type Kind = 'channel' | 'team' | 'agent' | 'flow';

/**
 * What the desk is: its profile, the metrics that its server knows, and the
 * names behind the ids. Asked for once after signing in.
 */
class Desk {
  catalogue = $state.raw<ReadonlyMap<string, Entry>>(new Map());
  settings = $state.raw<Settings>(usualSettings());
  names = $state.raw<Record<Kind, Named[]>>({ channel: [], team: [], agent: [], flow: [] });
  /** On how many channels the customer agent is live; undefined where no channel says. */
  aiChannels = $state.raw<number | undefined>(undefined);
  /** Whether the server knows of nothing here: no channel, no team, no agent. */
  untouched = $state(false);
  /** Whether the catalogue and the profile have been read. */
  known = $state(false);
  /** Why they could not be. */
  error = $state.raw<unknown>(undefined);
  readonly manner: Manner = $derived({ language: prefs.language, decimals: this.settings.decimals, timezone: this.settings.timezone });
  private whose: unknown;
  private readonly again = new Again(() => void this.read());
  private readonly namesAgain = new Again(() => void this.readNames());

  /** Reads everything for whoever is signed in now, unless that has been done and not refused. */
  load(): void {
    if (this.whose === session.me && untrack(() => this.error) === undefined) return;
    this.whose = session.me;
    this.error = undefined;
    this.again.settled();
    void this.read();
  }

  /** Reads everything anew; until it is there everything stays as it was. Resolves to whether it is. */
  renew(): Promise<boolean> {
    return this.read(true);
  }

  async read(quiet = false): Promise<boolean> {
    const whose = session.me;
    this.again.stop();
    if (!quiet) this.known = false;
    if (!whose) return false;
    try {
      const [catalogue, tenant] = await Promise.all([session.get('/v1/catalog'), session.get('/v1/tenant')]);
      if (session.me !== whose) return false;
      this.catalogue = readCatalogue(catalogue);
      this.settings = readSettings(tenant);
      this.known = true;
      this.error = undefined;
      this.again.settled();
    } catch (reason) {
      if (session.me !== whose || quiet) return false;
      this.error = reason;
      this.again.failed(reason);
      return false;
    }
    void this.readNames();
    return true;
  }

  /** The directory has every name; while it cannot be read, the server still knows who is there. */
  private async readNames(): Promise<void> {
    const whose = session.me;
    this.namesAgain.stop();
    if (!whose) return;
    let names: Record<Kind, Named[]>;
    try {
      const all = answered(await session.get('/v1/directory'), 'channels', 'teams', 'agents');
      const list = (raw: unknown): Named[] =>
        (Array.isArray(raw) ? raw : []).filter(isObject).map((one) => ({ id: String(one.id), name: apart(String(one.name || one.id)) }));
      names = { channel: list(all.channels), team: list(all.teams), agent: list(all.agents), flow: list(all.flows) };
      const states = (Array.isArray(all.channels) ? all.channels : []).filter(isObject).map((one) => one.ai).filter((ai) => typeof ai === 'string');
      if (session.me !== whose) return;
      this.namesAgain.settled();
      this.aiChannels = states.length ? states.filter((ai) => ai === 'on').length : undefined;
      this.untouched = names.channel.length + names.team.length + names.agent.length === 0;
    } catch (reason) {
      if (session.me !== whose) return;
      this.namesAgain.failed(reason);
      try {
        const answer = await session.get('/v1/live/agents');
        const agents = readAgents(isObject(answer) && isObject(answer.state) ? answer.state : undefined) ?? [];
        names = { agent: agents, team: agents.flatMap((agent) => agent.teams), channel: agents.flatMap((agent) => agent.channels), flow: [] };
      } catch {
        // An agent may not see the others; ids stand where names are unknown.
        return;
      }
    }
    if (session.me !== whose) return;
    this.names = { channel: distinct(names.channel), team: distinct(names.team), agent: distinct(names.agent.map(({ id, name }) => ({ id, name }))), flow: distinct(names.flow) };
  }

  /** Reads the names again, for a desk that had none. */
  async revisit(): Promise<void> {
    await this.readNames();
  }

  /** Takes in names that a report or a topic has brought. */
  learn(kind: Kind, list: Named[]): void {
    const all = distinct([...this.names[kind], ...list]);
    if (all.length !== this.names[kind].length || all.some((one, place) => one.name !== this.names[kind][place]?.name)) {
      this.names = { ...this.names, [kind]: all };
    }
  }

  nameOf(kind: Kind, id: string): string {
    return this.names[kind].find((one) => one.id === id)?.name ?? id;
  }

  /** Whether the server knows a metric, and can break it down by these dimensions. */
  has(id: string, ...by: string[]): boolean {
    const entry = this.catalogue.get(id);
    return entry !== undefined && by.every((one) => entry.dimensions.includes(one));
  }

  /** Those of a list that a report can be asked for. */
  reportable(ids: readonly string[], ...by: string[]): string[] {
    return ids.filter((id) => this.has(id, ...by) && !this.catalogue.get(id)?.live);
  }

  metricName(id: string): string {
    return own(this.catalogue.get(id)?.name) || id;
  }

  formula(id: string): string {
    return own(this.catalogue.get(id)?.formula);
  }
}

const byName = new Intl.Collator(undefined, { numeric: true });

function distinct(list: Named[]): Named[] {
  const byId = new Map<string, Named>();
  for (const one of list) if (one.id && (byId.get(one.id)?.name ?? one.id) === one.id) byId.set(one.id, one);
  return [...byId.values()].sort((a, b) => byName.compare(a.name, b.name) || byName.compare(a.id, b.id));
}

export const desk = new Desk();
