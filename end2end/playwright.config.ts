import { defineConfig } from '@playwright/test';

// Chromium refuses its sandbox to root, which is who runs tests in a container.
const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
const executablePath = process.env['WINDSOCK_CHROMIUM'];

export default defineConfig({
  testDir: '.',
  outputDir: 'test-results/artifacts',
  fullyParallel: true,
  forbidOnly: !!process.env['CI'],
  // A test that passes when it is tried again hides a race.
  retries: 0,
  workers: 2,
  timeout: 30_000,
  expect: { timeout: 5_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/results.json' }]],
  use: {
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    colorScheme: 'light',
    // A trace of each test costs almost half as much again: asked for when a failure needs one.
    trace: process.env['WINDSOCK_TRACE'] ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      args: [
        ...sandbox,
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-dev-shm-usage',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
      ],
    },
  },
  projects: [
    { name: 'hydrated', testMatch: '**/*.hydrated.spec.ts' },
    { name: 'no-js', testMatch: '**/*.nojs.spec.ts', use: { javaScriptEnabled: false } },
    {
      name: 'mobile',
      testMatch: '**/*.mobile.spec.ts',
      use: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
    },
  ],
});
