// What happens to a tab, as the browser tells its page, and what the page says of its connection.
import { expect, type BrowserContext, type Locator, type Page } from '@playwright/test';
import { gotoLive } from '../fixtures.ts';

/** The header's word on how current the page is. */
export function connectionOf(page: Page): Locator {
  return page.getByRole('status', { name: 'Connection' });
}

export async function expectLive(page: Page, timeout = 5_000): Promise<void> {
  await expect(connectionOf(page)).toContainText('Live', { timeout });
}

/** Opens another tab of the same browser. */
export async function openTab(context: BrowserContext, path: string): Promise<Page> {
  const page = await context.newPage();
  await gotoLive(page, path);
  return page;
}

/** Nobody looks at the tab any more, or somebody does again. */
export async function look(page: Page, at: 'visible' | 'hidden'): Promise<void> {
  await page.evaluate((state) => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
    document.dispatchEvent(new Event('visibilitychange'));
  }, at);
}

/** The page goes into the back/forward cache, or comes out of it. */
export async function keepForBack(page: Page, event: 'pagehide' | 'pageshow'): Promise<void> {
  await page.evaluate((name) => dispatchEvent(new PageTransitionEvent(name, { persisted: true })), event);
}

/** Counts the streams of a tab that are open. */
export class Streams {
  readonly #open = new Set<unknown>();
  #begun = 0;

  constructor(page: Page) {
    page.on('request', (request) => {
      if (new URL(request.url()).pathname !== '/events') return;
      this.#begun += 1;
      this.#open.add(request);
    });
    page.on('requestfailed', (request) => this.#open.delete(request));
    page.on('requestfinished', (request) => this.#open.delete(request));
    page.on('close', () => this.#open.clear());
    page.on('crash', () => this.#open.clear());
  }

  get open(): number {
    return this.#open.size;
  }

  get begun(): number {
    return this.#begun;
  }
}
