import { svelte } from '@sveltejs/vite-plugin-svelte';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { growWithText } from './scripts/rem';

/**
 * Empties the output directory but for .gitkeep, which lets a fresh clone
 * compile; Vite's own emptying would delete it.
 */
function emptyBuild(): Plugin {
  let outDir = '';
  return {
    name: 'floorlight-empty-build',
    apply: 'build',
    configResolved(config) {
      outDir = resolve(config.root, config.build.outDir);
    },
    buildStart() {
      mkdirSync(outDir, { recursive: true });
      for (const name of readdirSync(outDir)) {
        if (name !== '.gitkeep') rmSync(join(outDir, name), { recursive: true });
      }
    },
  };
}

export default defineConfig({
  plugins: [svelte(), emptyBuild()],
  css: { postcss: { plugins: [growWithText()] } },
  build: {
    outDir: 'build',
    emptyOutDir: false,
    // The budget script reads it to know what a page loads first.
    manifest: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    // Everything is a file of its own: the Content-Security-Policy allows no data: URL.
    assetsInlineLimit: 0,
    // What every visit needs comes in one file: twenty small ones are a tenth larger, and are asked for one by one.
    // The entry itself stays out of it, or the manifest would not name it.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'shell', tags: ['$initial'], test: /[\\/](node_modules|src)[\\/](?!main\.ts)/ }] } } },
  },
  server: {
    proxy: { '/v1': { target: process.env.FLOORLIGHT_URL ?? 'http://127.0.0.1:8080', ws: true } },
  },
  test: { include: ['src/**/*.test.ts', 'scripts/*.test.ts'] },
});
