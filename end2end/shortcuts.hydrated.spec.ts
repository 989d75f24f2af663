// The keys of the page: what the help lists is what works, and nothing fires while somebody types.
import { type Page } from '@playwright/test';
import { expect, gotoLive, signIn, test } from './fixtures.ts';
import { FAILING_PAGE, HEALTHY } from './support/story.ts';

const help = (page: Page) => page.getByRole('dialog', { name: 'Keyboard shortcuts' });
const focusedApp = (page: Page) =>
  page.evaluate(() => document.activeElement?.closest('[data-app]')?.getAttribute('data-app') ?? null);

test('? opens the help, Escape closes it, and the focus is where it was', async ({ page }) => {
  await signIn(page);
  await gotoLive(page, '/apps');
  const link = page.getByRole('link', { name: HEALTHY });
  await link.focus();
  await page.keyboard.press('?');
  await expect(help(page)).toBeVisible();
  await expect(help(page).getByRole('button', { name: 'Close' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(help(page)).toBeHidden();
  await expect(link).toBeFocused();
});

test('the help lists what works on the page, and nothing else', async ({ page }) => {
  const listed = async () => {
    await page.keyboard.press('?');
    const rows = await help(page).locator('dt').filter({ visible: true }).allTextContents();
    await page.keyboard.press('Enter');
    await expect(help(page)).toBeHidden();
    return rows;
  };
  await gotoLive(page, '/sign-in');
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  expect(await listed()).toEqual(['?', 'g then a']);
  await signIn(page);
  await gotoLive(page, '/apps');
  expect(await listed()).toEqual(['?', 'Ctrl or ⌘ + K', '/', 'j', 'k', 'Enter', 'g then a']);
});

test('j and k go from row to row, and Enter opens the one that has the focus', async ({ page }) => {
  await signIn(page);
  await gotoLive(page, '/apps');
  const names = await page.locator('[data-app]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-app')));
  await page.keyboard.press('j');
  expect(await focusedApp(page)).toBe(names[0]);
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  expect(await focusedApp(page)).toBe(names[2]);
  await page.keyboard.press('k');
  expect(await focusedApp(page)).toBe(names[1]);
  await page.keyboard.press('k');
  await page.keyboard.press('k');
  expect(await focusedApp(page), 'there is nothing above the first').toBe(names[0]);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: names[0] ?? '' })).toBeFocused();
});

test('[ and ] follow the links to the one before and after', async ({ page }) => {
  await signIn(page);
  await gotoLive(page, FAILING_PAGE);
  await page.evaluate(() => {
    const link = (rel: string, href: string) => {
      const made = Object.assign(document.createElement('a'), { rel, href, textContent: rel });
      document.querySelector('main')?.append(made);
    };
    link('next', '/apps/tidewater-api');
    link('prev', '/apps');
  });
  await page.keyboard.press(']');
  await expect(page).toHaveURL(/\/apps\/tidewater-api$/);
  await page.keyboard.press('[');
  await expect(page).toHaveURL(/\/apps$/);
});

test('a key whose link is not on the page does nothing', async ({ page }) => {
  await signIn(page);
  await gotoLive(page, FAILING_PAGE);
  for (const key of ['[', ']', '/']) await page.keyboard.press(key);
  await expect(page).toHaveURL(new RegExp(`${FAILING_PAGE}$`));
});

test('no key fires in a field', async ({ page }) => {
  await signIn(page);
  await gotoLive(page, '/apps');
  const search = page.getByLabel('Search');
  await search.focus();
  await page.keyboard.type('?jk[]ga/');
  await page.keyboard.press('ControlOrMeta+k');
  await expect(search).toHaveValue('?jk[]ga/');
  await expect(search).toBeFocused();
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('no key fires with a modifier, or while a letter is being composed', async ({ page }) => {
  await signIn(page);
  await gotoLive(page, '/apps');
  for (const key of ['Alt+j', 'Control+j', 'Alt+?', 'Control+Alt+k', 'Control+Shift+k']) await page.keyboard.press(key);
  await page.evaluate(() => {
    for (const key of ['?', 'j']) {
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key, isComposing: true, bubbles: true }));
    }
  });
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(await focusedApp(page)).toBeNull();
});

test('a key that AltGr types is that key', async ({ page }) => {
  await signIn(page);
  await gotoLive(page, '/apps');
  // As a German keyboard types `?` on some systems: AltGr counts as Ctrl and Alt together.
  await page.evaluate(() => {
    const made = { key: '?', ctrlKey: true, altKey: true, modifierAltGraph: true, bubbles: true };
    document.body.dispatchEvent(new KeyboardEvent('keydown', made));
  });
  await expect(help(page)).toBeVisible();
});

test('the second key of two comes soon after the first', async ({ page }) => {
  await signIn(page);
  await gotoLive(page, FAILING_PAGE);
  await page.evaluate(() => {
    const press = (key: string, at: number) => {
      const event = new KeyboardEvent('keydown', { key, bubbles: true });
      Object.defineProperty(event, 'timeStamp', { value: at });
      document.body.dispatchEvent(event);
    };
    press('g', 10_000);
    press('a', 11_501);
  });
  await expect(page).toHaveURL(new RegExp(`${FAILING_PAGE}$`));
  await page.keyboard.press('g');
  await page.keyboard.press('x');
  await page.keyboard.press('a');
  await expect(page).toHaveURL(new RegExp(`${FAILING_PAGE}$`));
});
