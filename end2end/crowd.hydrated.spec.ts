// More tabs than there are connections or streams. Numbers of rows: see docs/live.md.
import type { BrowserContext, Page } from '@playwright/test';
import { expect, gotoLive, signIn, test } from './fixtures.ts';
import { markPage } from './support/marks.ts';
import { FAILING_PAGE, INSTANCE, LAST_STEP } from './support/story.ts';
import { connectionOf, expectLive, look, openTab } from './support/tab.ts';

test.use({ story: 'failed-deploy-v14' });

/** So many connections a browser makes to one server over HTTP/1.1. */
const CONNECTIONS = 6;
/** So many streams one session may have. */
const STREAMS = 64;

/** As on a page that is neither local nor `https`: browsers have no locks there. */
async function withoutLocks(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => Object.defineProperty(Navigator.prototype, 'locks', { get: () => undefined }));
  await context.clock.install();
}

/** Another tab comes to the front: nobody looks at this one any more. */
async function putAway(tab: Page): Promise<void> {
  await look(tab, 'hidden');
  await tab.clock.fastForward(1_100);
  await expect(connectionOf(tab)).toContainText('Paused');
}

test.describe('over plain HTTP', () => {
  test.use({ throughWire: true });

  test('row 50: twelve tabs that cannot share a stream load in under a second each, and those that nobody looks at hold no connection', async ({
    page,
    context,
    wire,
    windsock,
  }) => {
    test.slow();
    await signIn(page);
    await page.goto('about:blank');
    await withoutLocks(context);
    const tabs: Page[] = [];
    for (let opened = 0; opened < 2 * CONNECTIONS; opened++) {
      const tab = await context.newPage();
      const document = await tab.goto(FAILING_PAGE);
      await document?.finished();
      expect(document?.request().timing().responseEnd, `tab ${opened + 1}`).toBeLessThan(1_000);
      await expectLive(tab);
      for (const before of tabs.slice(-1)) await putAway(before);
      tabs.push(tab);
      await expect.poll(() => wire.streams).toBe(1);
    }
    await windsock.jump(LAST_STEP);
    await windsock.poll();
    const first = tabs[0]!;
    await look(first, 'visible');
    await expect(first.locator(`[data-instance="${INSTANCE}"] [data-cell="restarts"]`)).toHaveText('3');
    await expectLive(first);
  });

  test('row 50: a tab that gets no connection says why, and is live when another tab is closed', async ({ page, context, wire }) => {
    test.slow();
    await signIn(page);
    await page.goto('about:blank');
    await withoutLocks(context);
    const first = await openTab(context, FAILING_PAGE);
    await expectLive(first);
    await putAway(first);
    const others: Page[] = [];
    for (let opened = 0; opened < CONNECTIONS; opened++) {
      others.push(await openTab(context, FAILING_PAGE));
      await expectLive(others.at(-1)!);
    }
    await expect.poll(() => wire.streams).toBe(CONNECTIONS);
    await look(first, 'visible');
    const isSamePage = await markPage(first);
    await first.clock.fastForward(5_100);
    await expect(connectionOf(first)).toContainText('No connection left: without HTTPS a browser makes six');
    await others[0]!.close();
    await expectLive(first);
    await isSamePage();
  });
});

test.describe('with as many streams as a session may have', () => {
  test.use({ expectedErrors: /status of 429/ });

  test('the next tab says that there is no place, and is live when there is one', async ({ page, windsock }) => {
    await page.clock.install();
    await signIn(page);
    await page.goto('about:blank');
    const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    const ends = new AbortController();
    const stream = () =>
      fetch(`${windsock.url}/events?topics=apps`, { headers: { cookie }, signal: ends.signal }).then((answer) => answer.status);
    expect(await Promise.all(Array.from({ length: STREAMS }, stream))).toEqual(Array(STREAMS).fill(200));
    await gotoLive(page, FAILING_PAGE);
    await expect(connectionOf(page)).toContainText('No place for another stream: close tabs of this console');
    const isSamePage = await markPage(page);
    ends.abort();
    await page.clock.fastForward(30_000);
    await expectLive(page);
    await isSamePage();
  });
});
