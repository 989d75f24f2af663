// What the reader sets: paper, few colours, a larger text.
import { expect, gotoLive, signIn, test } from './fixtures.ts';
import { expectNothingFound } from './support/axe.ts';
import { ALLOCATION_PAGE } from './support/instance.ts';
import { FAILING_PAGE, INSTANCE, LAST_STEP } from './support/story.ts';

test.describe('on paper', () => {
  test('the page says what it says, without what can only be pressed, and ages are times', async ({ page, windsock }) => {
    await windsock.jump(LAST_STEP);
    await signIn(page);
    await gotoLive(page, FAILING_PAGE);
    // An A4 sheet with usual margins.
    await page.setViewportSize({ width: 718, height: 1047 });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.getByRole('heading', { level: 3 }).first()).toBeVisible();
    await expect(page.getByRole('button')).toHaveCount(0);
    await expect(page.getByRole('banner').first()).toBeHidden();
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    const age = page.locator(`[data-instance="${INSTANCE}"] [data-cell="created"] time`);
    expect(await age.evaluate((time) => getComputedStyle(time, '::after').content)).toBe('"2021-09-22 20:21:38 UTC"');
    expect(await page.evaluate(() => getComputedStyle(document.body).colorScheme), 'paper is white').toBe('light');
  });
});

test('on paper the whole log of an instance is there, and no way to scroll it', async ({ page, windsock }) => {
  await windsock.jump(LAST_STEP);
  await signIn(page);
  await gotoLive(page, ALLOCATION_PAGE);
  await page.emulateMedia({ media: 'print' });
  const log = page.getByRole('group', { name: 'Last log lines' });
  expect(await log.evaluate((box) => box.scrollHeight > box.clientHeight)).toBe(false);
  expect(await log.evaluate((box) => box.clientHeight)).toBeGreaterThan(420);
  await expect(page.getByRole('navigation')).toHaveCount(0);
});

test.describe('with the few colours of the reader', () => {
  test('axe finds nothing, and what a ground said is said by an edge', async ({ page, windsock }) => {
    await page.emulateMedia({ forcedColors: 'active' });
    await windsock.jump(LAST_STEP);
    await signIn(page);
    await gotoLive(page, FAILING_PAGE);
    await expectNothingFound(page);
    const cell = page.locator('.bar i').first();
    expect(await cell.evaluate((one) => getComputedStyle(one).borderTopStyle)).toBe('solid');
    await page.keyboard.press('ControlOrMeta+k');
    const chosen = page.getByRole('option', { selected: true });
    expect(await chosen.evaluate((one) => getComputedStyle(one).outlineStyle)).toBe('solid');
  });
});

test.describe('with a text twice as large', () => {
  test('all text grows, and nothing scrolls sideways', async ({ page, windsock }) => {
    await windsock.jump(LAST_STEP);
    await signIn(page);
    await gotoLive(page, FAILING_PAGE);
    const sizeOf = (selector: string) =>
      page.locator(selector).first().evaluate((element) => parseFloat(getComputedStyle(element).fontSize));
    const before = [await sizeOf('h1'), await sizeOf('td'), await sizeOf('h2')];
    const sheet = await page.context().newCDPSession(page);
    await sheet.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } });
    await gotoLive(page, FAILING_PAGE);
    const after = [await sizeOf('h1'), await sizeOf('td'), await sizeOf('h2')];
    expect(after).toEqual(before.map((size) => size * 2));
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });
});
