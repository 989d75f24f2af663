// The list of apps while one filters it and it changes. Numbers of rows: see docs/live.md.
import { expect, gotoLive, signIn, test } from './fixtures.ts';
import { FAILING, HEALTHY, HEALTHY_PAGE, LAST_STEP } from './support/story.ts';

const SHOWN_WITHIN = 1_000;

test('row 46: an app that fits the filter no more leaves the list, and one that does now enters it', async ({
  page,
  windsock,
}) => {
  await signIn(page);
  await gotoLive(page, '/apps?health=deploying');
  const app = page.locator(`[data-app="${FAILING}"]`);
  await expect(app).toHaveCount(0);
  await windsock.jump(2);
  await windsock.poll();
  await expect(app).toHaveCount(1, { timeout: SHOWN_WITHIN });
  await windsock.jump(LAST_STEP);
  await windsock.poll();
  await expect(app).toHaveCount(0, { timeout: SHOWN_WITHIN });
  await expect(page).toHaveURL(/\/apps\?health=deploying$/);
});

test('row 41: typing fills no history, and an address that the browser refuses to write costs nothing', async ({ page }) => {
  await signIn(page);
  await gotoLive(page, '/apps');
  const pages = await page.evaluate(() => history.length);
  const search = page.getByLabel('Search');
  await search.pressSequentially('tidewater');
  await expect(page).toHaveURL(/\/apps\?q=tidewater$/);
  expect(await page.evaluate(() => history.length)).toBe(pages);

  // Safari refuses after a hundred times within ten seconds, which a key that is held down reaches.
  await page.evaluate(() => {
    history.replaceState = () => {
      throw new DOMException('too often', 'SecurityError');
    };
  });
  await search.fill('');
  await expect(page.locator('[data-app]')).toHaveCount(6);
  await search.pressSequentially('tide');
  await expect(page.locator('[data-app]')).toHaveCount(1);
  await expect(search).toHaveValue('tide');
  await expect(page).toHaveURL(/\/apps\?q=tidewater$/);
});

test('row 41: the address is written when nobody has typed for a moment, and not with each letter', async ({ page }) => {
  await page.addInitScript(() => {
    const counted = window as Window & { written?: number };
    const write = history.replaceState.bind(history);
    counted.written = 0;
    history.replaceState = (...what) => {
      counted.written! += 1;
      write(...what);
    };
  });
  const written = () => page.evaluate(() => (window as Window & { written?: number }).written);
  await page.clock.install();
  await signIn(page);
  await gotoLive(page, '/apps');
  const before = (await written()) ?? 0;
  await page.clock.pauseAt(Date.now() + 60_000);
  const search = page.getByLabel('Search');
  // A key that is held down.
  for (let letter = 0; letter < 20; letter++) {
    await search.press('t');
    await page.clock.fastForward(30);
  }
  expect(await written()).toBe(before);
  await search.fill('tidewater');
  await page.clock.fastForward(400);
  await expect(page).toHaveURL(/\/apps\?q=tidewater$/);
  expect(await written()).toBe(before + 1);

  // What was typed last is not written once the page is left.
  await search.fill('tide');
  await page.getByRole('link', { name: HEALTHY }).click();
  await expect(page).toHaveURL(new RegExp(`${HEALTHY_PAGE}$`));
  await page.clock.fastForward(1_000);
  await expect(page).toHaveURL(new RegExp(`${HEALTHY_PAGE}$`));
});
