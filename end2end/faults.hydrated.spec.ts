// What goes wrong on the way, what the page says of it, and that nothing is lost.
import { expect, gotoLive, signIn, test } from './fixtures.ts';
import { markPage } from './support/marks.ts';
import { readPage } from './support/page-state.ts';
import { collectRequests } from './support/requests.ts';
import { sendToken } from './support/sign-in.ts';
import { CHECK_FAILED_STEP, FAILING, FAILING_PAGE, HEALTHY, HEALTHY_PAGE, INSTANCE, LAST_STEP } from './support/story.ts';

const SHOWN_WITHIN = 1_000;
/** The wait before a broken stream is made again begins at about a second. */
const RECONNECTED_WITHIN = 10_000;

test.describe('names', () => {
  test.use({ expectedErrors: /status of 40[04]/ });

  test('an app that does not exist is told by its name, with what to do', async ({ page }) => {
    await signIn(page);
    const response = await page.goto('/apps/no-such-app');
    expect(response?.status()).toBe(404);
    await expect(page.getByRole('alert')).toContainText('There is no app named "no-such-app", or your token cannot see it.');
    await page.getByRole('link', { name: 'All apps your token can see' }).click();
    await expect(page.getByRole('table', { name: 'Apps' })).toBeVisible();
  });

  test('a text that is no name is told what a name may hold', async ({ page }) => {
    await signIn(page);
    const response = await page.goto('/apps/Not%20A%20Name');
    expect(response?.status()).toBe(400);
    await expect(page.getByRole('alert')).toContainText('not a valid app name');
    await expect(page.getByRole('alert')).toContainText('allowed');
  });
});

test.describe('Fly is down', () => {
  test.use({ expectedErrors: /status of 50[023]/ });

  test('from the start: the page says so, and fills itself when Fly answers', async ({ page, windsock }) => {
    await signIn(page);
    await windsock.outage('all', 'status-503');
    const response = await page.goto(FAILING_PAGE);
    expect(response?.status()).toBe(502);
    const alert = page.getByRole('alert');
    await expect(alert).toContainText('HTTP 503');
    await expect(alert).toContainText('Windsock tries again by itself');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(FAILING);
    await page.locator('html[data-hydrated]').waitFor({ state: 'attached' });
    const isSamePage = await markPage(page);
    await windsock.outage('all', 'off');
    await expect(async () => {
      await windsock.poll();
      await expect(page.getByRole('region', { name: 'Deployment status' })).toBeVisible({ timeout: SHOWN_WITHIN });
    }).toPass({ timeout: RECONNECTED_WITHIN });
    await expect(alert).toHaveCount(0);
    await isSamePage();
  });

  test('from the start: the list says so, and fills itself when Fly answers', async ({ page, windsock }) => {
    await page.goto(`/sign-in?next=${encodeURIComponent(HEALTHY_PAGE)}`);
    await sendToken(page);
    await expect(page).toHaveURL(new RegExp(`${HEALTHY_PAGE}$`));
    await windsock.outage('all', 'status-503');
    await gotoLive(page, '/apps');
    await expect(page.getByRole('alert')).toContainText('HTTP 503');
    const isSamePage = await markPage(page);
    await windsock.outage('all', 'off');
    await expect(async () => {
      await windsock.poll();
      await expect(page.getByRole('table', { name: 'Apps' })).toBeVisible({ timeout: SHOWN_WITHIN });
    }).toPass({ timeout: RECONNECTED_WITHIN });
    await expect(page.getByRole('alert')).toHaveCount(0);
    await isSamePage();
  });

  test('when a link is followed: the page that opens says so, and fills itself when Fly answers', async ({
    page,
    windsock,
  }) => {
    await signIn(page);
    await gotoLive(page, '/apps');
    const isSamePage = await markPage(page);
    await windsock.outage('all', 'status-503');
    await page.getByRole('link', { name: HEALTHY }).click();
    await expect(page.getByRole('alert')).toContainText('HTTP 503');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(HEALTHY);
    await windsock.outage('all', 'off');
    await expect(async () => {
      await windsock.poll();
      await expect(page.getByRole('region', { name: 'Instances' })).toBeVisible({ timeout: SHOWN_WITHIN });
    }).toPass({ timeout: RECONNECTED_WITHIN });
    await isSamePage();
  });

  for (const [mode, said] of [
    ['status-503', 'Fly has a problem of its own (HTTP 503)'],
    ['down', 'Fly'],
  ] as const) {
    test(`mid-way (${mode}): a notice says what happened, the data stays, and it recovers`, async ({ page, windsock }) => {
      await windsock.jump(CHECK_FAILED_STEP + 1);
      await signIn(page);
      await gotoLive(page, FAILING_PAGE);
      const connection = page.getByRole('status', { name: 'Connection' });
      await expect(connection).toContainText('Live');
      const isSamePage = await markPage(page);
      const before = await readPage(page);

      await windsock.outage('all', mode);
      await windsock.poll();
      const notice = page.locator('[data-part="source"]');
      await expect(notice).toContainText(said, { timeout: SHOWN_WITHIN });
      await expect(notice).toContainText(/What is shown is from \d\d:\d\d:\d\d UTC; next try at \d\d:\d\d:\d\d UTC/);
      await expect(connection).toContainText(/Fly has not answered since \d\d:\d\d:\d\d/);
      const { notice: _, ...during } = await readPage(page);
      expect(during).toEqual(before);

      await windsock.jump(LAST_STEP);
      await windsock.outage('all', 'off');
      await windsock.poll();
      await expect(notice).toHaveCount(0, { timeout: SHOWN_WITHIN });
      await expect(connection).toContainText('Live');
      await expect(page.locator(`[data-instance="${INSTANCE}"] [data-cell="restarts"]`)).toHaveText('3');
      await isSamePage();
    });
  }
});

test.describe('the token is revoked', () => {
  test.use({ expectedErrors: /status of 401/ });

  test('the page says that one is signed out, keeps its data and asks no more', async ({ page, windsock }) => {
    await page.clock.install();
    await windsock.jump(CHECK_FAILED_STEP + 1);
    await signIn(page);
    await gotoLive(page, FAILING_PAGE);
    const connection = page.getByRole('status', { name: 'Connection' });
    await expect(connection).toContainText('Live');
    const isSamePage = await markPage(page);
    const before = await readPage(page);

    await windsock.control('POST', '/_story/revoke', { token_name: 'demo' });
    await windsock.poll();
    await expect(connection).toContainText('Signed out');
    const requests = collectRequests(page);
    await windsock.jump(LAST_STEP);
    await windsock.poll();
    // Longer than any wait before a broken stream is made again.
    await page.clock.fastForward('01:00');
    expect(await readPage(page)).toEqual(before);
    expect(requests).toEqual([]);
    await isSamePage();
  });

  test('the way back in leads to the page where one was', async ({ page, windsock }) => {
    await signIn(page);
    await gotoLive(page, FAILING_PAGE);
    await windsock.control('POST', '/_story/revoke', { token_name: 'demo' });
    await windsock.poll();
    await page.getByRole('status', { name: 'Connection' }).getByRole('link', { name: 'Sign in' }).click();
    await sendToken(page);
    await expect(page.getByRole('alert')).toContainText('Fly refused the token');
    await windsock.control('POST', '/_story/restore', { token_name: 'demo' });
    await sendToken(page);
    await expect(page).toHaveURL(new RegExp(`${FAILING_PAGE}$`));
    // Fly has just said that the token is good: what it said before does not count any more.
    await expect(page.getByRole('region', { name: 'Deployment status' })).toBeVisible();
  });
});

test.describe('the way to the console is cut', () => {
  test.use({ throughWire: true, expectedErrors: /ERR_/ });

  test('the page keeps its data, reconnects and catches up on what it missed', async ({ page, wire, windsock }) => {
    await windsock.jump(CHECK_FAILED_STEP + 1);
    await signIn(page);
    await gotoLive(page, FAILING_PAGE);
    const connection = page.getByRole('status', { name: 'Connection' });
    await expect(connection).toContainText('Live');
    const isSamePage = await markPage(page);
    const before = await readPage(page);

    wire.cut();
    await expect(connection).toContainText(/Reconnecting, showing \d\d:\d\d:\d\d/);
    await windsock.jump(LAST_STEP);
    await windsock.poll();
    expect(await readPage(page)).toEqual(before);

    wire.mend();
    await expect(connection).toContainText('Live', { timeout: RECONNECTED_WITHIN });
    await expect(page.locator(`[data-instance="${INSTANCE}"] [data-cell="restarts"]`)).toHaveText('3');
    await expect(page.getByRole('region', { name: 'Diagnosis' })).toContainText('Why v14 failed');
    await isSamePage();
  });
});

test.describe('the console is restarted', () => {
  test.use({ expectedErrors: /ERR_|status of 401/ });

  for (const [how, end] of [
    ['a crash', 'kill'],
    ['a stop', 'stop'],
  ] as const) {
    test(`after ${how} the page says that it reconnects, and leads back to where one was`, async ({ page, windsock }) => {
      await windsock.jump(CHECK_FAILED_STEP + 1);
      await signIn(page);
      await gotoLive(page, FAILING_PAGE);
      const connection = page.getByRole('status', { name: 'Connection' });
      await expect(connection).toContainText('Live');
      const isSamePage = await markPage(page);
      const before = await readPage(page);

      await windsock[end]();
      await expect(connection).toContainText(/Reconnecting, showing \d\d:\d\d:\d\d/);
      expect(await readPage(page)).toEqual(before);
      await windsock.startAgain();
      await windsock.jump(LAST_STEP);
      // The demo keeps sessions in its memory only.
      await expect(connection).toContainText('Signed out', { timeout: RECONNECTED_WITHIN });
      expect(await readPage(page)).toEqual(before);
      await isSamePage();
      await connection.getByRole('link', { name: 'Sign in' }).click();
      await sendToken(page);
      await expect(page).toHaveURL(new RegExp(`${FAILING_PAGE}$`));
      await expect(connection).toContainText('Live');
      await expect(page.locator(`[data-instance="${INSTANCE}"] [data-cell="restarts"]`)).toHaveText('3');
    });
  }
});
