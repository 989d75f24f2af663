// One stream for all tabs of a browser. Numbers of rows: see docs/live.md.
import type { BrowserContext, Page } from '@playwright/test';
import { expect, gotoLive, signIn, test } from './fixtures.ts';
import type { Demo } from './demo.ts';
import type { Wire } from './support/wire.ts';
import { readPage } from './support/page-state.ts';
import { APP_TOKEN, signOut } from './support/sign-in.ts';
import { CHECK_FAILED_STEP, FAILING_PAGE, HEALTHY_PAGE, INSTANCE, LAST_STEP } from './support/story.ts';
import { connectionOf, expectLive, keepForBack, look, openTab, Streams } from './support/tab.ts';

/** The longest that a tab may be without a stream after the tab that had it is gone. */
const TAKEN_OVER_WITHIN = 2_000;

test.use({ story: 'failed-deploy-v14', throughWire: true });

interface Tab {
  page: Page;
  streams: Streams;
}

async function tabs(context: BrowserContext, page: Page, paths: string[]): Promise<Tab[]> {
  await signIn(page);
  await page.goto('about:blank');
  const opened: Tab[] = [];
  for (const path of paths) {
    const tab = await context.newPage();
    const streams = new Streams(tab);
    await gotoLive(tab, path);
    await expectLive(tab);
    opened.push({ page: tab, streams });
  }
  return opened;
}

function leaders(all: Tab[]): Tab[] {
  return all.filter((tab) => tab.streams.open > 0);
}

async function leaderAndOthers(all: Tab[]): Promise<{ leader: Tab; others: Tab[] }> {
  await expect.poll(() => leaders(all).length).toBe(1);
  const leader = leaders(all)[0]!;
  return { leader, others: all.filter((tab) => tab !== leader) };
}

async function restarts(page: Page, expected: string, timeout = 1_000): Promise<void> {
  await expect(page.locator(`[data-instance="${INSTANCE}"] [data-cell="restarts"]`)).toHaveText(expected, { timeout });
}

async function finish(windsock: Demo): Promise<void> {
  await windsock.jump(LAST_STEP);
  await windsock.poll();
}

async function oneStream(wire: Wire): Promise<void> {
  await expect.poll(() => wire.streams).toBe(1);
}

test('rows 1, 14, 15, 50: eight tabs over HTTP/1.1 load in under a second each, and one stream serves them all', async ({
  page,
  context,
  wire,
  windsock,
}) => {
  test.slow();
  await windsock.jump(CHECK_FAILED_STEP + 1);
  const paths = Array.from({ length: 8 }, (_, tab) => [FAILING_PAGE, '/apps', HEALTHY_PAGE][tab % 3]!);
  const all = await tabs(context, page, paths);
  const documents = await Promise.all(
    all.map(({ page: tab }) =>
      tab.evaluate(() => (performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming).responseEnd),
    ),
  );
  test.info().annotations.push({ type: 'documents', description: documents.map((ms) => `${Math.round(ms)} ms`).join(', ') });
  for (const ms of documents) expect(ms).toBeLessThan(1_000);
  await oneStream(wire);
  expect(leaders(all)).toHaveLength(1);

  await finish(windsock);
  for (const { page: tab } of all.filter((_, index) => index % 3 === 0)) await restarts(tab, '3');
  await oneStream(wire);
});

test.describe('the tab that has the stream', () => {
  for (const [what, how] of [
    ['is closed', (page: Page) => page.close()],
    ['goes into the back/forward cache', (page: Page) => keepForBack(page, 'pagehide')],
    ['goes to another site', (page: Page) => page.goto('about:blank')],
    ['is frozen', freeze],
    ['crashes', crash],
  ] as const) {
    test(`row 2: ${what}, and another takes over within two seconds and misses nothing`, async ({
      page,
      context,
      wire,
      windsock,
    }) => {
      await windsock.jump(CHECK_FAILED_STEP + 1);
      const all = await tabs(context, page, [FAILING_PAGE, FAILING_PAGE, FAILING_PAGE]);
      const { leader, others } = await leaderAndOthers(all);
      await how(leader.page);
      await finish(windsock);
      for (const { page: other } of others) {
        await restarts(other, '3', TAKEN_OVER_WITHIN);
        await expectLive(other);
      }
      expect(leaders(others)).toHaveLength(1);
      await oneStream(wire);
    });
  }

  test('row 2: does not answer, and another takes the stream over within two seconds', async ({ page, context, windsock }) => {
    await windsock.jump(CHECK_FAILED_STEP + 1);
    const all = await tabs(context, page, [FAILING_PAGE, FAILING_PAGE]);
    const { leader, others } = await leaderAndOthers(all);
    // A breakpoint, or a page that is busy with something else.
    const debugged = await context.newCDPSession(leader.page);
    await debugged.send('Debugger.enable');
    await debugged.send('Debugger.pause');
    await leader.page.evaluate(() => 0).catch(() => {}).constructor;
    await finish(windsock);
    for (const { page: other } of others) await restarts(other, '3', TAKEN_OVER_WITHIN);
    await debugged.send('Debugger.disable');
    await restarts(leader.page, '3', TAKEN_OVER_WITHIN);
    await expect.poll(() => leaders(all).length).toBe(1);
  });

  test('row 3: is hidden for half a minute, and gives the stream away', async ({ page, context, wire, windsock }) => {
    await windsock.jump(CHECK_FAILED_STEP + 1);
    await context.clock.install();
    const all = await tabs(context, page, [FAILING_PAGE, FAILING_PAGE]);
    const { leader, others } = await leaderAndOthers(all);
    await look(leader.page, 'hidden');
    await leader.page.clock.fastForward(31_000);
    await expect.poll(() => leaders(others).length).toBe(1);
    await expect(connectionOf(leader.page)).toContainText('Paused');
    await oneStream(wire);
    await finish(windsock);
    for (const { page: other } of others) await restarts(other, '3');

    await look(leader.page, 'visible');
    await restarts(leader.page, '3', TAKEN_OVER_WITHIN);
    await oneStream(wire);
  });
});

test('rows 3, 15: nobody streams while all tabs are hidden', async ({ page, context, wire, windsock }) => {
  await windsock.jump(CHECK_FAILED_STEP + 1);
  await context.clock.install();
  const all = await tabs(context, page, [FAILING_PAGE, '/apps']);
  for (const { page: tab } of all) await look(tab, 'hidden');
  for (const { page: tab } of all) await tab.clock.fastForward(31_000);
  for (const { page: tab } of all) await tab.clock.fastForward(31_000);
  await expect.poll(() => wire.streams).toBe(0);
  await finish(windsock);
  await look(all[0]!.page, 'visible');
  await restarts(all[0]!.page, '3');
  await oneStream(wire);
});

test('rows 16, 49: fifty pages later there is still one stream', async ({ page, wire }) => {
  test.slow();
  await signIn(page);
  const streams = new Streams(page);
  await gotoLive(page, '/apps');
  for (let visit = 0; visit < 25; visit++) {
    await page.getByRole('link', { name: 'crimson-wildflower-1711' }).first().click();
    await expect(page).toHaveURL(/crimson-wildflower-1711$/);
    await page.goBack();
    await expect(page).toHaveURL(/\/apps$/);
  }
  await expectLive(page);
  await oneStream(wire);
  // The browser tells of a request that was given up somewhat later than the wire.
  await expect.poll(() => streams.open).toBe(1);
});

test('without locks each tab has a stream of its own', async ({ page, context, wire, windsock }) => {
  await windsock.jump(CHECK_FAILED_STEP + 1);
  await context.addInitScript(() => Object.defineProperty(Navigator.prototype, 'locks', { get: () => undefined }));
  const all = await tabs(context, page, [FAILING_PAGE, FAILING_PAGE]);
  await expect.poll(() => wire.streams).toBe(2);
  await finish(windsock);
  for (const { page: tab } of all) await restarts(tab, '3');
});

test('a channel that cannot be opened costs nothing but the sharing', async ({ page, context, wire }) => {
  await context.addInitScript(() => {
    globalThis.BroadcastChannel = class {
      constructor() {
        throw new DOMException('not here', 'SecurityError');
      }
    } as unknown as typeof BroadcastChannel;
  });
  await tabs(context, page, [FAILING_PAGE, '/apps']);
  await expect.poll(() => wire.streams).toBe(2);
});

test.describe('the session', () => {
  test.use({ expectedErrors: /ERR_|status of 40[13]/ });

  test('rows 5, 7: ends in one tab, and all tabs say so and ask no more', async ({ page, context, wire }) => {
    const all = await tabs(context, page, [FAILING_PAGE, FAILING_PAGE, '/apps']);
    await signOut(all[2]!.page);
    for (const { page: tab } of all.slice(0, 2)) await expect(connectionOf(tab)).toContainText('Signed out');
    await expect.poll(() => wire.streams).toBe(0);
    const begun = all.map((tab) => tab.streams.begun);
    for (const { page: tab } of all.slice(0, 2)) await look(tab, 'visible');
    await page.waitForTimeout(1_500);
    expect(all.map((tab) => tab.streams.begun)).toEqual(begun);
  });

  test('of somebody else in another tab feeds no page of the first', async ({ page, context, wire, windsock }) => {
    await windsock.jump(CHECK_FAILED_STEP + 1);
    const [first] = await tabs(context, page, [FAILING_PAGE]);
    const theirs = await context.cookies();
    await context.clearCookies();
    const other = await openTab(context, '/sign-in');
    await other.getByLabel('Fly token').fill(APP_TOKEN);
    await other.getByRole('button', { name: 'Sign in' }).click();
    await gotoLive(other, HEALTHY_PAGE);
    await expectLive(other);
    expect(await context.cookies()).not.toEqual(theirs);
    await expect.poll(() => wire.streams).toBe(2);

    const before = await readPage(first!.page);

    // The first page connects again, with the cookie of the second session.
    wire.cut();
    wire.mend();
    await expect(connectionOf(first!.page)).toContainText('Signed out', { timeout: 10_000 });
    await finish(windsock);
    expect(await readPage(first!.page)).toEqual(before);
    await expectLive(other, 10_000);
  });

  test('of somebody else in another tab shows a page of the first nothing, wherever it goes', async ({ page, context }) => {
    const [first] = await tabs(context, page, ['/apps']);
    await context.clearCookies();
    const other = await openTab(context, '/sign-in');
    await other.getByLabel('Fly token').fill(APP_TOKEN);
    await other.getByRole('button', { name: 'Sign in' }).click();
    await gotoLive(other, HEALTHY_PAGE);
    await expectLive(other);

    const answered = first!.page.waitForResponse('**/api/topic*');
    await first!.page.getByRole('link', { name: 'tidewater-api' }).click();
    expect((await answered).status()).toBe(401);
    await expect(first!.page.getByRole('alert')).toContainText('sign in', { ignoreCase: true });
    await expect(first!.page.getByRole('region', { name: 'Instances' })).toHaveCount(0);
  });
});

/** What the browser tells a page before it stops all of it. */
async function freeze(page: Page): Promise<void> {
  await page.evaluate(() => document.dispatchEvent(new Event('freeze')));
}

async function crash(page: Page): Promise<void> {
  const gone = page.waitForEvent('crash');
  const session = await page.context().newCDPSession(page);
  session.send('Page.crash').catch(() => {});
  await gone;
}
