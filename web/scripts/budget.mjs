// Checks what a first visit loads, gzipped, against spec: the shell's page and
// the wallboard's. Reads Vite's manifest; run it after `npm run build`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const build = process.env.FLOORLIGHT_WEB_BUILD ?? 'build';
/** A visitor loads one language; the larger one counts. */
const texts = 'src/i18n/zh/index.ts';
const budgets = [
  { name: 'shell', entries: ['index.html', texts], limit: 70 },
  { name: 'wallboard', entries: ['index.html', texts, 'src/pages/Wallboard.svelte'], limit: 90 },
  // What a first report adds to the shell; its charts come after it.
  { name: 'overview', entries: ['index.html', texts, 'src/pages/Overview.svelte'], limit: 110 },
];

let manifest;
try {
  manifest = JSON.parse(readFileSync(join(build, '.vite/manifest.json'), 'utf8'));
} catch {
  console.error('budget: no build here; run `npm run build` first');
  process.exit(1);
}

/** Every file that has to be there before an entry runs. */
function needed(entry, seen = new Set()) {
  const chunk = manifest[entry];
  if (!chunk) throw new Error(`budget: the build has no ${entry}`);
  if (seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const style of chunk.css ?? []) seen.add(style);
  for (const next of chunk.imports ?? []) needed(next, seen);
  return seen;
}

let over = false;
for (const { name, entries, limit } of budgets) {
  const files = new Set(['index.html']);
  for (const entry of entries) for (const file of needed(entry)) files.add(file);
  const bytes = [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(build, file)), { level: 9 }).length, 0);
  const kilobytes = bytes / 1024;
  const verdict = kilobytes > limit ? 'OVER' : 'ok';
  over ||= kilobytes > limit;
  console.log(`${name.padEnd(10)} ${kilobytes.toFixed(1).padStart(6)} KB gzip of ${limit} KB  ${verdict}  (${files.size} files)`);
}
process.exit(over ? 1 : 0);
