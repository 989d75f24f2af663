// The link to the console: what breaks it, and what the page says and does. Rows: see docs/live.md.
import type { Page, Route } from '@playwright/test';
import { expect, gotoLive, signIn, test } from './fixtures.ts';
import { markPage } from './support/marks.ts';
import { readPage } from './support/page-state.ts';
import { CHECK_FAILED_STEP, FAILING_PAGE, INSTANCE, LAST_STEP } from './support/story.ts';
import { connectionOf, expectLive, keepForBack, look, Streams } from './support/tab.ts';
import type { Demo } from './demo.ts';

const RESTARTS = `[data-instance="${INSTANCE}"] [data-cell="restarts"]`;
const HELD_BACK = 'A proxy between you and Windsock holds the stream back; asking every few seconds instead';

test.use({ story: 'failed-deploy-v14', expectedErrors: /ERR_|status of (429|50[024])/ });

/** Opens the page; the link to it may be bent once the sign-in is over. */
async function openPage(page: Page, windsock: Demo, bend: () => Promise<unknown> | void = () => {}): Promise<void> {
  await windsock.jump(CHECK_FAILED_STEP + 1);
  await signIn(page);
  await page.goto('about:blank');
  await bend();
  await gotoLive(page, FAILING_PAGE);
}

async function finish(windsock: Demo): Promise<void> {
  await windsock.jump(LAST_STEP);
  await windsock.poll();
}

/** Opens the page with a console that answers every request for a stream so; counts the requests. */
async function openWithStreams(page: Page, windsock: Demo, answer: (route: Route) => Promise<void>): Promise<() => number> {
  let asked = 0;
  await openPage(page, windsock, () =>
    page.route('**/events?*', async (route) => {
      asked += 1;
      await answer(route);
    }),
  );
  return () => asked;
}

/** Lets the page's clock run in steps, so that answers can come in between. */
async function run(page: Page, millis: number): Promise<void> {
  for (let passed = 0; passed < millis; passed += 500) {
    await page.clock.runFor(500);
    await page.evaluate(() => 0);
  }
}

for (const status of [504, 502, 500]) {
  test(`rows 6, 13: a server that answers ${status} for a minute is asked at most twelve times, more and more rarely`, async ({
    page,
    windsock,
  }) => {
    test.slow();
    await page.clock.install();
    await page.addInitScript(countTimers);
    const asked = await openWithStreams(page, windsock, (route) => route.fulfill({ status, body: 'no' }));
    await run(page, 60_000);
    expect(asked()).toBeGreaterThan(2);
    expect(asked()).toBeLessThanOrEqual(12);
    await expect(connectionOf(page)).toContainText(/Reconnecting, showing \d\d:\d\d:\d\d/);
    const timers = await openTimers(page);
    await run(page, 60_000);
    expect(await openTimers(page), 'timers after more failures').toBeLessThanOrEqual(timers + 1);

    await page.unroute('**/events?*');
    await run(page, 31_000);
    await expectLive(page);
  });
}

test('row 6: Retry-After is waited for, and no longer', async ({ page, windsock }) => {
  await page.clock.install();
  const asked = await openWithStreams(page, windsock, (route) =>
    route.fulfill({ status: 429, headers: { 'retry-after': '40' }, body: 'later' }),
  );
  await expect.poll(asked).toBe(1);
  await run(page, 39_000);
  expect(asked()).toBe(1);
  await run(page, 3_000);
  expect(asked()).toBe(2);
});

test('row 20: after one failure the page is as live as before', async ({ page, windsock }) => {
  let failed = false;
  await openWithStreams(page, windsock, (route) => {
    if (failed) return route.continue();
    failed = true;
    return route.fulfill({ status: 500, body: 'once' });
  });
  await expectLive(page);
  await finish(windsock);
  await expect(page.locator(RESTARTS)).toHaveText('3');
});

test('row 33: a proxy that redirects is named, and nothing is asked in vain', async ({ page, windsock }) => {
  const asked = await openWithStreams(page, windsock, (route) => route.fulfill({ status: 302, headers: { location: '/sign-in' } }));
  await expect(connectionOf(page)).toContainText('A proxy before Windsock asks you to sign in');
  expect(asked()).toBe(1);
});

test('row 42: a new build under an open page is told, with a way to it, and breaks nothing', async ({ page, windsock }) => {
  const hello = { protocol: 1, build: 'another', now: Date.now() };
  await openWithStreams(page, windsock, (route) =>
    route.fulfill({ contentType: 'text/event-stream', body: `event: hello\ndata: ${JSON.stringify(hello)}\n\n` }),
  );
  const notice = page.getByRole('alert').filter({ hasText: 'A new version of Windsock is running' });
  await expect(notice.getByRole('link', { name: 'Reload' })).toBeVisible();
  await expect(page.locator(RESTARTS)).toBeVisible();
});

test('row 43: an event that cannot be read costs a snapshot, and no page', async ({ page, windsock }) => {
  let broken = false;
  await openWithStreams(page, windsock, (route) => {
    if (broken) return route.continue();
    broken = true;
    const body = 'event: change\nid: x-1\ndata: {"topic":"app:crimson-wildflower-1711","changes":[{"wings":7}]}\n\n';
    return route.fulfill({ contentType: 'text/event-stream', body });
  });
  const isSamePage = await markPage(page);
  await expectLive(page);
  await finish(windsock);
  await expect(page.locator(RESTARTS)).toHaveText('3');
  await isSamePage();
});

test('rows 19, 12: a page that comes back by the back button is live again', async ({ page, windsock }) => {
  await openPage(page, windsock);
  await expectLive(page);
  const streams = new Streams(page);
  await keepForBack(page, 'pagehide');
  await expect(connectionOf(page)).toContainText('Paused');
  await finish(windsock);
  await keepForBack(page, 'pageshow');
  await expect(page.locator(RESTARTS)).toHaveText('3', { timeout: 1_000 });
  await expectLive(page);
  await expect.poll(() => streams.open).toBe(1);
});

test('row 39: what happened in ten hidden minutes is painted in one go', async ({ page, windsock }) => {
  await page.clock.install();
  await openPage(page, windsock);
  await expectLive(page);
  await look(page, 'hidden');
  await page.clock.fastForward('10:00');
  for (let step = CHECK_FAILED_STEP + 2; step <= LAST_STEP; step++) await windsock.step();
  await windsock.poll();
  await page.evaluate((selector) => {
    const table = document.querySelector(selector)?.closest('table');
    const counted = window as Window & { paints?: number };
    counted.paints = 0;
    if (table) new MutationObserver(() => (counted.paints! += 1)).observe(table, { subtree: true, characterData: true, childList: true });
  }, RESTARTS);
  await look(page, 'visible');
  await page.clock.resume();
  await expect(page.locator(RESTARTS)).toHaveText('3');
  expect(await page.evaluate(() => (window as Window & { paints?: number }).paints)).toBeLessThanOrEqual(2);
});

test.describe('the connection falls silent without an end', () => {
  test.use({ throughWire: true });

  test('row 4: who returns to the tab sees new data within a second', async ({ page, windsock, wire }) => {
    await page.clock.install();
    await openPage(page, windsock);
    await expectLive(page);
    wire.silence();
    await look(page, 'hidden');
    await page.clock.fastForward(25_000);
    await finish(windsock);
    await look(page, 'visible');
    await page.clock.resume();
    await expect(page.locator(RESTARTS)).toHaveText('3', { timeout: 1_000 });
  });

  test('rows 8, 33, 53: two missed signs of life mean that it is dead, whatever the transport says', async ({
    page,
    windsock,
    wire,
  }) => {
    await page.clock.install();
    await openPage(page, windsock);
    await expectLive(page);
    wire.silence();
    await finish(windsock);
    await page.clock.fastForward(30_000);
    await expect(page.locator(RESTARTS)).not.toHaveText('3');
    await page.clock.fastForward(6_000);
    await page.clock.resume();
    await expect(page.locator(RESTARTS)).toHaveText('3', { timeout: 3_000 });
    await expectLive(page);
  });

  test('row 33: a computer that slept for an hour is current within seconds', async ({ page, windsock, wire }) => {
    await page.clock.install();
    await openPage(page, windsock);
    await expectLive(page);
    wire.silence();
    await finish(windsock);
    await page.clock.fastForward('01:00:00');
    await page.clock.resume();
    await expect(page.locator(RESTARTS)).toHaveText('3', { timeout: 3_000 });
    await expectLive(page);
  });
});

test('the page says when the browser has no network, and is live again with it', async ({ page, windsock }) => {
  await openPage(page, windsock);
  await expectLive(page);
  await page.evaluate(() => dispatchEvent(new Event('offline')));
  await expectLive(page);
  await page.route('**/events?*', (route) => route.abort('internetdisconnected'));
  await keepForBack(page, 'pagehide');
  await keepForBack(page, 'pageshow');
  await expect(connectionOf(page)).toContainText(/Offline, showing \d\d:\d\d:\d\d/);
  await page.unroute('**/events?*');
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await expectLive(page);
});

test.describe('a proxy holds streams back', () => {
  test.use({ throughWire: true });

  test('rows 34, 51: the page says so within ten seconds, and polls', async ({ page, windsock, wire }) => {
    await openPage(page, windsock, () => wire.holdStreamsBack());
    await expect(connectionOf(page)).toContainText(HELD_BACK, { timeout: 10_000 });
    await expect(connectionOf(page)).toContainText(/\d+ s ago|now/);
    const isSamePage = await markPage(page);
    await finish(windsock);
    await expect(page.locator(RESTARTS)).toHaveText('3', { timeout: 4_000 });
    await isSamePage();
    expect(wire.streams).toBe(0);
  });
});

test('row 60: what is shown stays in place while the link breaks and comes back', async ({ page, windsock }) => {
  await openPage(page, windsock);
  await expectLive(page);
  const before = await readPage(page);
  await page.evaluate(() => {
    const seen = window as Window & { emptied?: boolean };
    const check = (): void => {
      if (!document.querySelector('[data-instance]') || document.querySelector('[aria-busy="true"]')) seen.emptied = true;
    };
    new MutationObserver(check).observe(document.body, { subtree: true, childList: true });
  });
  for (let times = 0; times < 5; times++) {
    await keepForBack(page, 'pagehide');
    await keepForBack(page, 'pageshow');
    await expectLive(page);
  }
  expect(await readPage(page)).toEqual(before);
  expect(await page.evaluate(() => (window as Window & { emptied?: boolean }).emptied)).toBeUndefined();
});

/**
 * Counts the timers that are set and have neither fired nor been cleared. Their numbers are small, as
 * those of a browser are; the test's clock counts from a million million.
 */
function countTimers(): void {
  const open = new Map<number, unknown>();
  const set = window.setTimeout;
  const clear = window.clearTimeout as unknown as (timer: unknown) => void;
  let latest = 0;
  (window as Window & { openTimers?: typeof open }).openTimers = open;
  window.setTimeout = ((callback: () => void, delay?: number) => {
    const number = ++latest;
    const fire = (): void => {
      open.delete(number);
      callback();
    };
    open.set(number, set(fire, delay));
    return number;
  }) as typeof setTimeout;
  window.clearTimeout = (timer) => {
    clear(open.get(Number(timer)));
    open.delete(Number(timer));
  };
}

async function openTimers(page: Page): Promise<number> {
  return page.evaluate(() => (window as Window & { openTimers?: Map<number, unknown> }).openTimers!.size);
}
