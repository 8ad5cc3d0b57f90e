import type { StripAgent } from './states';

/** Whether an agent can take a chat, and if not, why. */
export type Fill = 'free' | 'full' | 'paused' | 'offline';

export function fillOf(agent: StripAgent): Fill {
  if (agent.status === 'offline' || agent.status === 'paused') return agent.status;
  return agent.capacity !== undefined && agent.capacity > 0 && agent.chats >= agent.capacity ? 'full' : 'free';
}

/** How many there are of each. */
export function crowdOf(agents: readonly StripAgent[]): Record<Fill, number> {
  const out: Record<Fill, number> = { free: 0, full: 0, paused: 0, offline: 0 };
  for (const agent of agents) out[fillOf(agent)]++;
  return out;
}
