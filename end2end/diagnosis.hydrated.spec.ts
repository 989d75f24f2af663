// What a page says of a deployment that failed: how it went, where the evidence stands, and all of it as
// text.
import { expect, gotoLive, signIn, test } from './fixtures.ts';
import { holdOn, markPage } from './support/marks.ts';
import { CHECK_FAILED_STEP, FAILING, FAILING_PAGE, INSTANCE, LAST_STEP } from './support/story.ts';

test.use({ story: 'failed-deploy-v14' });

const SUMMARY = /^How v14 went: \d+ entries$/;

test('what happens is added to how the deployment went, and what stands there stays', async ({ page, windsock }) => {
  await windsock.jump(CHECK_FAILED_STEP + 1);
  await signIn(page);
  await gotoLive(page, FAILING_PAGE);
  const isSamePage = await markPage(page);
  await page.getByText(SUMMARY).click();
  const entries = page.getByRole('list', { name: 'How it went' }).getByRole('listitem');
  await expect(entries.first()).toContainText('v14 was made by Ryan');
  await expect(entries.filter({ hasText: 'placed' })).toHaveText(`20:21:38${INSTANCE}placedruns v14 in sjc`);
  const before = await entries.allTextContents();
  const isSameEntry = await holdOn(page, '.went li');
  await windsock.jump(CHECK_FAILED_STEP + 2);
  await windsock.poll();
  await expect(entries.filter({ hasText: 'Restart Signaled' })).toBeVisible();
  await isSameEntry();
  await isSamePage();
  expect((await entries.allTextContents()).slice(0, before.length)).toEqual(before);
});

test('a kind of entries is chosen by a link, without a reload, and another page shows the same', async ({
  page,
  windsock,
  anotherWindow,
}) => {
  await windsock.jump(LAST_STEP);
  await signIn(page);
  await gotoLive(page, FAILING_PAGE);
  const isSamePage = await markPage(page);
  await page.getByText(SUMMARY).click();
  await page.getByRole('link', { name: 'checks', exact: true }).click();
  const entries = page.getByRole('list', { name: 'How it went' }).getByRole('listitem');
  await expect(entries).toHaveCount(1);
  await expect(entries).toContainText('is critical');
  await expect(page).toHaveURL(/went=checks/);
  await isSamePage();
  await expect(page.getByRole('link', { name: 'checks', exact: true })).toHaveAttribute('aria-current', 'true');
  const plain = await anotherWindow('no scripts');
  await plain.goto(page.url());
  await expect(plain.getByRole('list', { name: 'How it went' }).getByRole('listitem')).toHaveText(
    await entries.allTextContents(),
  );
  await plain.getByRole('link', { name: 'everything' }).click();
  await expect(plain.getByRole('list', { name: 'How it went' }).getByRole('listitem')).not.toHaveCount(1);
});

test('all of why it failed is copied as text, with the addresses of the evidence', async ({ page, windsock, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await windsock.jump(LAST_STEP);
  await signIn(page);
  await gotoLive(page, FAILING_PAGE);
  await page.getByRole('button', { name: 'Copy all of it as text' }).click();
  await expect(page.getByRole('button', { name: 'Copied all of it as text' })).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain(`## ${FAILING}: Why v14 failed`);
  expect(copied).toContain(`${windsock.url}/apps/${FAILING}/machines/${INSTANCE}#logs`);
  const shown = await page.request.get(`${FAILING_PAGE}/diagnosis.md`);
  expect(await shown.text()).toBe(copied);
});

test.describe('with colours', () => {
  test.use({ story: 'wrong-port' });

  test('lines of a log keep the colours that the app gave them', async ({ page, windsock }) => {
    await signIn(page);
    await page.goto('/apps/crooked-pier');
    await windsock.jump('2021-09-22T20:00:30Z');
    await windsock.poll();
    await gotoLive(page, '/apps/crooked-pier');
    await page.locator('details.log summary').click();
    await expect(page.locator('.log .message .c36')).toHaveText('http://localhost:3000');
    await expect(page.locator('.log .message .c32').first()).toHaveText('✓');
  });
});

test.describe('a failure that is over', () => {
  test.use({ story: 'grace-period-too-short' });
  const PAGE = '/apps/slow-kettle';

  test('row 25: is gone from what is the matter, and stands in how it went with its time', async ({ page, windsock, anotherWindow }) => {
    await signIn(page);
    await gotoLive(page, PAGE);
    const diagnosis = page.getByRole('region', { name: 'Diagnosis' });
    for (const moment of ['20:00:20', '20:00:58']) {
      await windsock.jump(`2021-09-22T${moment}Z`);
      await windsock.poll();
    }
    await expect(diagnosis).toBeVisible();
    await windsock.jump('2021-09-22T20:02:00Z');
    await windsock.poll();
    await expect(diagnosis).toHaveCount(0);
    for (const shown of [page, await anotherWindow('scripts')]) {
      await gotoLive(shown, `${PAGE}?went=`);
      await expect(shown.locator('[data-part="health"]')).toContainText('Healthy');
      await expect(shown.getByRole('region', { name: 'Diagnosis' })).toHaveCount(0);
      const entries = shown.getByRole('list', { name: 'How it went' }).getByRole('listitem');
      const failed = entries.filter({ hasText: 'critical' });
      await expect(failed).toContainText(/^20:00:\d\d/);
      // What came after it stands after it.
      await expect(entries.last()).toContainText(/^20:01:\d\d/);
      await expect(entries.last()).not.toContainText('critical');
    }
  });

  test('row 25: a release that failed long ago is marked in the timeline of an app that is well', async ({ page }) => {
    await signIn(page);
    await gotoLive(page, '/apps/tidewater-api');
    await expect(page.locator('[data-part="health"]')).toContainText('Healthy');
    await expect(page.getByRole('region', { name: 'Diagnosis' })).toHaveCount(0);
    const failed = page.getByRole('region', { name: 'Timeline' }).getByRole('listitem').filter({ hasText: 'v39' });
    await expect(failed).toContainText('Failed');
    await expect(failed.locator('time')).toHaveAttribute('datetime', /^2021-09-15T08:3/);
  });
});
