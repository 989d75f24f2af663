// What every browser test starts from: a demo of its own, and a page that fails the test when
// anything goes wrong in the browser.
import { test as base, expect, type BrowserContext, type Page } from '@playwright/test';
import { Demo } from './demo.ts';
import { Wire } from './support/wire.ts';

export { expect } from '@playwright/test';
export type { Api, Demo, Outage, Position } from './demo.ts';

interface Options {
  /** The story that is played; the demo's usual one when undefined. */
  story: string | undefined;
  /** Console errors that a test causes on purpose, such as a refused request. */
  expectedErrors: RegExp | undefined;
  /** Whether the browser reaches the console through a wire that the test can cut. */
  throughWire: boolean;
}

interface Fixtures {
  windsock: Demo;
  wire: Wire;
  /** Opens another window with the same cookies, in which scripts run or do not. */
  anotherWindow: (scripts: 'scripts' | 'no scripts') => Promise<Page>;
}

export const test = base.extend<Options & Fixtures>({
  story: [undefined, { option: true }],
  expectedErrors: [undefined, { option: true }],
  throughWire: [false, { option: true }],

  windsock: async ({ story }, use, testInfo) => {
    const demo = await Demo.start(story);
    await use(demo);
    await demo.stop();
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach('windsock.log', { body: demo.log, contentType: 'text/plain' });
    }
  },

  wire: async ({ windsock }, use) => {
    const wire = await Wire.to(new URL(windsock.url));
    await use(wire);
    await wire.close();
  },

  baseURL: async ({ windsock, wire, throughWire }, use) => {
    await use(throughWire ? wire.url : windsock.url);
  },

  context: async ({ context, baseURL, expectedErrors }, use) => {
    const problems = watch(context, new URL(baseURL ?? '').host, expectedErrors);
    await use(context);
    expect(problems, 'what went wrong in the browser').toEqual([]);
  },

  anotherWindow: async ({ browser, context, baseURL, contextOptions, expectedErrors }, use) => {
    const windows: BrowserContext[] = [];
    const problems: string[][] = [];
    await use(async (scripts) => {
      const window = await browser.newContext({
        ...contextOptions,
        ...(baseURL ? { baseURL } : {}),
        storageState: await context.storageState(),
        javaScriptEnabled: scripts === 'scripts',
      });
      windows.push(window);
      problems.push(watch(window, new URL(baseURL ?? '').host, expectedErrors));
      return window.newPage();
    });
    await Promise.all(windows.map((window) => window.close()));
    expect(problems.flat(), 'what went wrong in another window').toEqual([]);
  },
});

/** Collects errors of every page and requests that leave the console's own host. */
function watch(context: BrowserContext, host: string, expected: RegExp | undefined): string[] {
  const problems: string[] = [];
  const report = (problem: string) => {
    if (!expected?.test(problem)) problems.push(problem);
  };
  context.on('weberror', (error) => report(`uncaught: ${error.error().stack ?? error.error().message}`));
  context.on('console', (message) => {
    if (message.type() === 'error') report(`console: ${message.text()} (${message.location().url})`);
  });
  context.on('request', (request) => {
    const url = new URL(request.url());
    const leaves = url.protocol.startsWith('http') && url.host !== host;
    if (leaves) problems.push(`a request to another host: ${request.method()} ${request.url()}`);
  });
  return problems;
}

/** Signs in with the demo's token, which the page has filled in, and ends on the list of apps. */
export async function signIn(page: Page): Promise<void> {
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/apps$/);
}

/** Opens a page and waits until it is hydrated: before that, clicks would go nowhere. */
export async function gotoLive(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.locator('html[data-hydrated]').waitFor({ state: 'attached' });
}
