import { defineConfig } from '@playwright/test';
import tests from './playwright.config.ts';

// Pictures for the documentation, taken with the browser and demo of the tests.
export default defineConfig({
  ...tests,
  testDir: 'shots',
  testMatch: '**/docs.shot.ts',
  outputDir: 'test-results/shots',
  reporter: [['list']],
  projects: [
    { name: 'light', use: { colorScheme: 'light' } },
    { name: 'dark', use: { colorScheme: 'dark' } },
  ],
});
