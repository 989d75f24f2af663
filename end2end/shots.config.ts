import { defineConfig } from '@playwright/test';
import tests from './playwright.config.ts';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

// Pictures of every page in every state, to be looked at; taken with the browser and demo of the tests.
export default defineConfig({
  ...tests,
  testDir: 'shots',
  testMatch: '**/places.shot.ts',
  outputDir: 'test-results/shots',
  globalTeardown: './shots/sheet.ts',
  reporter: [['list']],
  projects: [
    { name: 'desktop', use: { viewport: { width: 1280, height: 800 } } },
    { name: 'phone', use: phone },
  ],
});
