import { defineConfig } from '@playwright/test';
import tests from './playwright.config.ts';

// What `cargo xtask bench` measures in a browser: one at a time, each leaves its samples as JSON in the
// folder that WINDSOCK_BENCH_OUT names. What they mean, and whether they are good enough, is decided there.
export default defineConfig({
  ...tests,
  testDir: 'bench',
  testMatch: '**/*.bench.ts',
  outputDir: 'test-results/bench',
  reporter: [['list']],
  workers: 1,
  timeout: 180_000,
  projects: [{ name: 'bench' }],
});
