// The stories `fleet` and `small-fleet`: thousands of apps, and hundreds where they are read again and again.
import { expect, type Page } from '@playwright/test';
import { signIn } from '../fixtures.ts';

/** As many rows as a page of the list has. */
export const ROWS = 100;
/** The apps of the large story, and of the small one, with the five of the usual worlds. */
export const APPS = 5_005;
export const FEWER_APPS = 245;
/** What the browser complains of while the first reading of 5,000 apps takes longer than a page waits. */
export const WHILE_LOADING = /status of 502/;

/** Signs in and waits until the whole list was read once. */
export async function signInToFleet(page: Page): Promise<void> {
  await signIn(page);
  await expect(async () => expect((await page.request.get('/apps')).status()).toBe(200)).toPass({ timeout: 25_000 });
}

/** The rows, each with what its cells say, and the counts: what must be the same on any page for an address. */
export async function readList(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const text = (element: Element): string => {
      const copy = element.cloneNode(true) as Element;
      for (const cell of copy.querySelectorAll('td, a, span')) cell.append(' ');
      for (const time of copy.querySelectorAll('time')) time.replaceWith(time.getAttribute('datetime') ?? '');
      if (copy.hasAttribute('hidden')) return '';
      for (const part of copy.querySelectorAll('.needs-no-script, [hidden]')) part.remove();
      return (copy.textContent ?? '').replace(/\s+/g, ' ').trim();
    };
    const parts = document.querySelectorAll('.apps-summary, .filters option, [data-app], .apps-count, .pager');
    return [...parts].map((part) => `${part.getAttribute('aria-rowindex') ?? ''} ${text(part)}`);
  });
}

/** The names of the rows, in order. */
export async function names(page: Page): Promise<string[]> {
  return page.locator('[data-app]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-app') ?? ''));
}
