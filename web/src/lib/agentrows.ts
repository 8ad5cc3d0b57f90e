import { since } from './format';
import { byPresence, order, type Agent } from './states';

/** How long an agent has been online today; a spell that runs is counted up. */
export function onlineSeconds(agent: Agent, now: number): number | undefined {
  const spell = since(agent.onlineSince, now);
  if (agent.online.value === undefined && spell === undefined) return undefined;
  return (agent.online.value ?? 0) + (spell ?? 0);
}

/** By state, and within one who has been in it longest; whose beginning nobody knows goes last. */
export function byState(agent: Agent): number {
  const began = Date.parse(agent.statusSince);
  return order[agent.status] * 1e14 + (Number.isNaN(began) ? 9e13 : began);
}

/** Those who fit, who is there first. */
export function arrange(agents: readonly Agent[], status: string, search: string): Agent[] {
  const words = search.trim().toLocaleLowerCase();
  return agents
    .filter(
      (agent) =>
        (!status || agent.status === status) &&
        (!words || `${agent.name} ${agent.department} ${agent.id}`.toLocaleLowerCase().includes(words)),
    )
    .sort(byPresence);
}

/**
 * Keeps rows where they stand. What moves is read and pressed: rows change
 * their places when `beat` does, and in between only what is new comes at the end.
 */
export function steady<R>(id: (row: R) => string): (rows: readonly R[], beat: unknown) => R[] {
  let places = new Map<string, number>();
  let last: unknown;
  return (rows, beat) => {
    if (beat !== last) {
      last = beat;
      places = new Map(rows.map((row, place) => [id(row), place]));
      return [...rows];
    }
    for (const row of rows) if (!places.has(id(row))) places.set(id(row), places.size);
    return [...rows].sort((a, b) => (places.get(id(a)) ?? 0) - (places.get(id(b)) ?? 0));
  };
}
