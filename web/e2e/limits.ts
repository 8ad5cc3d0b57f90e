import { expect, type Site } from './site';

interface Limit {
  metric: string;
  channel?: string;
  team?: string;
  warning?: number;
  critical?: number;
  above?: boolean;
}
interface Limits {
  version: number;
  thresholds: Limit[];
}

/** Sets the desk's limits while something is looked at, and then puts back what was. */
export async function withLimits(site: Site, thresholds: Limit[], look: () => Promise<void>): Promise<void> {
  const headers = { authorization: `Bearer ${await site.token('owner')}`, 'content-type': 'application/json' };
  const put = async (list: Limit[]): Promise<void> => {
    const { version } = (await site.get('/v1/thresholds', 'owner')) as Limits;
    const answer = await fetch(`${site.url}/v1/thresholds`, { method: 'PUT', headers, body: JSON.stringify({ version, thresholds: list }) });
    expect(answer.ok, await answer.text()).toBe(true);
  };
  const { thresholds: before } = (await site.get('/v1/thresholds', 'owner')) as Limits;
  await put(thresholds);
  try {
    await look();
  } finally {
    await put(before);
  }
}
