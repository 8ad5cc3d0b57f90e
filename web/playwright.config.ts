import { defineConfig } from '@playwright/test';
import type { SiteOptions } from './e2e/site';

/**
 * `real` runs against `floorlight demo`, which the global setup starts; `double`
 * against the test double in e2e/fake, for what a real server cannot be made to
 * do on demand (*.double.spec.ts). FLOORLIGHT_E2E=double runs everything against
 * the double but what it does not know (*.real.spec.ts), for work on the pages
 * without a binary.
 */
const onlyDouble = process.env.FLOORLIGHT_E2E === 'double';

export default defineConfig<object, SiteOptions>({
  testDir: 'e2e',
  outputDir: 'test-results',
  reporter: [['list']],
  // Two cores, and one server: the order of the tests must not change the numbers' pace.
  workers: 1,
  fullyParallel: false,
  // What fails is asked once more and named as flaky if it passes then; much that fails ends the run.
  retries: 1,
  maxFailures: 5,
  timeout: 150_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  ...(onlyDouble ? {} : { globalSetup: './e2e/global-setup.ts' }),
  use: {
    viewport: { width: 1280, height: 800 },
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM_BIN ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    },
  },
  projects: onlyDouble
    ? [{ name: 'double', testIgnore: /\.real\.spec\.ts/, use: { kind: 'double' } }]
    : [
        { name: 'real', testIgnore: /\.double\.spec\.ts/, use: { kind: 'real' } },
        { name: 'double', testMatch: /\.double\.spec\.ts/, use: { kind: 'double' } },
      ],
});
