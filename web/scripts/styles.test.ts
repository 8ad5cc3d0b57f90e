import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const sources = join(import.meta.dirname, '../src');
const components = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.svelte'));

it('what stands over a page has its frame from base.css', () => {
  expect(readFileSync(join(sources, 'styles/base.css'), 'utf8')).toMatch(/^dialog\.panel \{[^}]*padding/m);
  const dialogs = components.filter((name) => readFileSync(join(sources, name), 'utf8').includes('<dialog'));
  expect(dialogs.length).toBeGreaterThan(2);
  for (const name of dialogs) expect(readFileSync(join(sources, name), 'utf8'), name).not.toContain('::backdrop');
});
