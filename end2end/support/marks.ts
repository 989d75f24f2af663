// Marks on a page and on parts of it, which are gone when the page is loaded or painted anew.
import { expect, type Page } from '@playwright/test';

/** Marks the page; returns a check that it is still the same one. */
export async function markPage(page: Page): Promise<() => Promise<void>> {
  await page.evaluate(() => document.documentElement.setAttribute('data-marked-by-test', ''));
  return async () => {
    await expect(page.locator('html[data-marked-by-test]'), 'the page was loaded anew').toBeAttached();
  };
}

/** Keeps hold of every element that fits; returns a check that each is still in the page. */
export async function holdOn(page: Page, selector: string): Promise<() => Promise<void>> {
  const handles = await page.locator(selector).elementHandles();
  expect(handles.length, `there is something at ${selector}`).toBeGreaterThan(0);
  return async () => {
    const there = await Promise.all(handles.map((handle) => handle.evaluate((element) => element.isConnected)));
    expect(there.every(Boolean), `${selector} is still the same element`).toBe(true);
  };
}
