// The list of a fleet in the browser: of 5,000 apps, and of a few hundred where what happens is followed. Numbers of rows: see docs/live.md.
import type { Page } from '@playwright/test';
import { expect, gotoLive, test, type Demo } from './fixtures.ts';
import { expectNothingFound } from './support/axe.ts';
import { APPS, FEWER_APPS, names, readList, ROWS, signInToFleet, WHILE_LOADING } from './support/fleet.ts';
import { markPage } from './support/marks.ts';
import { watchPainting } from './support/painted.ts';
import { Streams } from './support/tab.ts';

test.use({ story: 'small-fleet', expectedErrors: WHILE_LOADING });

const NEWEST_FIRST = '/apps?sort=deployed';
const SHOWN_WITHIN = 2_000;

/** Plays until an app was deployed, and returns once Windsock has seen it. */
async function deploy(windsock: Demo, step: number): Promise<void> {
  await windsock.jump(step);
  await windsock.poll();
}

/** What a page without script shows at the same address now. */
async function fresh(page: Page, anotherWindow: (scripts: 'no scripts') => Promise<Page>, path: string): Promise<string[]> {
  const window = await anotherWindow('no scripts');
  await window.goto(path);
  const list = await readList(window);
  await window.close();
  expect(list.length, 'the other page shows something').toBeGreaterThan(10);
  expect(page.url()).toContain(path);
  return list;
}

test('row 47: typing asks the server, keeps the focus, and brings what a page of its own shows', async ({ page, anotherWindow }) => {
  await signInToFleet(page);
  await gotoLive(page, '/apps');
  const isSamePage = await markPage(page);
  await page.keyboard.press('/');
  await page.keyboard.type('api');
  await expect(page).toHaveURL(/\/apps\?q=api$/);
  const expected = await fresh(page, anotherWindow, '/apps?q=api');
  await expect.poll(() => readList(page)).toEqual(expected);
  const search = page.getByLabel('Search');
  await expect(search).toBeFocused();
  await expect(search).toHaveValue('api');
  await expect(page.getByRole('status').filter({ hasText: /apps match\.$/ })).toHaveCount(1);
  await isSamePage();
});

test('row 47: a letter sends one small request and paints no row, and an answer paints its rows once', async ({ page }) => {
  await signInToFleet(page);
  await gotoLive(page, '/apps');
  const asked: string[] = [];
  const streams = new Streams(page);
  let answer = (): void => undefined;
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route('**/api/topic', async (route) => {
    asked.push(route.request().postData() ?? '');
    await held;
    // All but the last were given up by then.
    await route.continue().catch(() => undefined);
  });
  const painting = await watchPainting(page, '.apps-table tbody');
  const word = 'harbor';
  await page.keyboard.press('/');
  for (const letter of word) await page.keyboard.press(letter);
  await expect(page.getByLabel('Search')).toHaveValue(word);
  await expect.poll(() => asked.length).toBe(word.length);
  expect(Math.max(...asked.map((body) => body.length)), 'bytes of a request').toBeLessThan(200);
  const { rows, cells } = await painting.take();
  const { deployed, ...others } = cells;
  expect(rows, 'rows that letters painted').toBe(0);
  expect(others, 'cells that letters painted').toEqual({});
  expect(streams.begun, 'streams that letters began').toBe(0);

  answer();
  await expect(page.getByRole('status').filter({ hasText: /apps match\.$/ })).toHaveCount(1);
  expect((await painting.take()).rows, 'rows that the answer painted').toBeLessThanOrEqual(2 * ROWS);
  expect(asked.length).toBe(word.length);
});

test('the pages, a filter and the way back show what pages of their own show', async ({ page, anotherWindow }) => {
  await signInToFleet(page);
  await gotoLive(page, '/apps');
  const isSamePage = await markPage(page);
  const first = await names(page);
  await page.getByRole('link', { name: 'Next' }).click();
  await expect(page).toHaveURL(/\/apps\?page=2$/);
  await expect(page.getByText('Page 2 of 3', { exact: true })).toBeVisible();
  const second = await fresh(page, anotherWindow, '/apps?page=2');
  await expect.poll(() => readList(page)).toEqual(second);
  await expect(page.locator('[data-app]').first()).toHaveAttribute('aria-rowindex', '102');
  await expect(page.getByRole('table', { name: 'Apps' })).toHaveAttribute('aria-rowcount', `${FEWER_APPS + 1}`);

  await page.getByLabel('Health').selectOption('degraded');
  await expect(page).toHaveURL(/\/apps\?health=degraded$/);
  await expect.poll(async () => (await names(page)).length).toBeLessThan(ROWS);
  await expect(page.locator('[data-app] [data-cell="health"]').filter({ hasNotText: 'Degraded' })).toHaveCount(0);

  await page.goBack();
  await expect(page).toHaveURL(/\/apps\?page=2$/);
  await expect.poll(() => readList(page)).toEqual(second);
  await expect(page.getByLabel('Health')).toHaveValue('');
  await page.goBack();
  await expect(page).toHaveURL(/\/apps$/);
  await expect.poll(() => names(page)).toEqual(first);
  await isSamePage();
});

test('a count of the first line leads to its apps', async ({ page }) => {
  await signInToFleet(page);
  await gotoLive(page, '/apps');
  const link = page.locator('.apps-summary').getByRole('link', { name: /degraded$/ });
  const count = Number((await link.textContent())?.replace(/\D/g, ''));
  await link.click();
  await expect(page).toHaveURL(/\/apps\?health=degraded$/);
  await expect(page.locator('[data-app]')).toHaveCount(count);
  await expect(page.locator('.apps-count')).toContainText(`${count} of 245 apps.`);
});

test('row 46: what happens to the fleet reaches the window, whatever enters or leaves it', async ({ page, windsock, anotherWindow }) => {
  await signInToFleet(page);
  for (const path of [NEWEST_FIRST, '/apps?health=deploying', '/apps?sort=name&page=2']) {
    await gotoLive(page, path);
    const isSamePage = await markPage(page);
    const before = await names(page);
    for (const step of [40, 80]) {
      await deploy(windsock, step);
      const expected = await fresh(page, anotherWindow, path);
      await expect.poll(() => readList(page), { timeout: SHOWN_WITHIN }).toEqual(expected);
    }
    if (path === NEWEST_FIRST) expect(await names(page), 'something was deployed').not.toEqual(before);
    await isSamePage();
    await windsock.jump(0);
    await windsock.poll();
  }
});

test('rows stay under the pointer until it leaves, and their cells stay current', async ({ page, windsock, anotherWindow }) => {
  await signInToFleet(page);
  await gotoLive(page, NEWEST_FIRST);
  const before = await names(page);
  await page.locator('[data-app]').nth(4).hover();
  await deploy(windsock, 40);
  await expect(page.locator('.waits')).toContainText('The order has changed');
  expect(await names(page)).toEqual(before);
  await page.mouse.move(5, 5);
  const expected = await fresh(page, anotherWindow, NEWEST_FIRST);
  await expect.poll(() => readList(page)).toEqual(expected);
  await expect(page.locator('.waits')).toHaveText('');
});

test('the row with the focus keeps it and its place in the window when the rows around it move', async ({ page, windsock }) => {
  await signInToFleet(page);
  await gotoLive(page, NEWEST_FIRST);
  const row = page.locator('[data-app]').nth(20);
  const name = (await row.getAttribute('data-app')) ?? '';
  const link = page.getByRole('link', { name, exact: true });
  await link.focus();
  await deploy(windsock, 40);
  await expect(page.locator('.waits')).toContainText('The order has changed');
  const top = (await link.boundingBox())?.y;
  // The pointer leaves the list, the focus does not.
  await page.mouse.move(640, 600);
  await page.mouse.move(5, 5);
  await expect(page.locator('.waits')).toHaveText('');
  expect(await names(page).then((all) => all.indexOf(name))).toBeGreaterThan(20);
  await expect(link).toBeFocused();
  await expect.poll(async () => Math.abs(((await link.boundingBox())?.y ?? 0) - (top ?? 0))).toBeLessThan(2);
});

test('a filter that finds nothing says so, and the next letter finds again', async ({ page }) => {
  await signInToFleet(page);
  await gotoLive(page, '/apps');
  const search = page.getByLabel('Search');
  await search.fill('nowhere-at-all');
  await expect(page.getByText('No app matches "nowhere-at-all".')).toBeVisible();
  await search.fill('now');
  await search.fill('');
  await expect(page.locator('[data-app]')).toHaveCount(ROWS);
});

test.describe('5,000 apps', () => {
  test.use({ story: 'fleet' });
  test.slow();

  test('row 45: a page of 5,000 apps holds a hundred rows, and tells those who hear it which', async ({ page }) => {
    await signInToFleet(page);
    const response = await page.goto('/apps');
    expect((await response?.body())?.length, 'uncompressed').toBeLessThan(400_000);
    await page.locator('html[data-hydrated]').waitFor({ state: 'attached' });
    await expect(page.locator('[data-app]')).toHaveCount(ROWS);
    const table = page.getByRole('table', { name: 'Apps' });
    await expect(table).toHaveAttribute('aria-rowcount', `${APPS + 1}`);
    await expect(table.getByRole('row').nth(1)).toHaveAttribute('aria-rowindex', '2');
    await expect(page.locator('.apps-summary')).toContainText('5,005 apps');
    await expect(page.locator('.apps-count')).toContainText('1 to 100 of 5,005 apps.');
    await expectNothingFound(page);
  });
});
