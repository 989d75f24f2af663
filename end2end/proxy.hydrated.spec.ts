// What the page says, and what it does, when something between browser and console goes wrong.
// Numbers of rows: see docs/live.md.
import type { Page } from '@playwright/test';
import type { Demo } from './demo.ts';
import { gotoLive, signIn } from './fixtures.ts';
import { markPage } from './support/marks.ts';
import { readPage } from './support/page-state.ts';
import { expect, test, type Conditions, type Proxy } from './support/proxy.ts';
import { CHECK_FAILED_STEP, FAILING_PAGE, INSTANCE, LAST_STEP } from './support/story.ts';
import { connectionOf, expectLive, Streams } from './support/tab.ts';

/** The wait before a broken stream is made again begins at about a second. */
const RECONNECTED_WITHIN = 10_000;

test.use({ expectedErrors: /status of 50[23]|ERR_/ });

const RESTARTS = `[data-instance="${INSTANCE}"] [data-cell="restarts"]`;
const HELD_BACK = 'A proxy between you and Windsock holds the stream back; asking every few seconds instead';

for (const how of ['close', 'reset'] as const) {
  test(`a stream that is cut (${how}): the page says so, keeps its data, and catches up`, async ({
    page,
    network,
    windsock,
  }) => {
    await windsock.jump(CHECK_FAILED_STEP + 1);
    await signIn(page);
    await gotoLive(page, FAILING_PAGE);
    const connection = page.getByRole('status', { name: 'Connection' });
    await expect(connection).toContainText('Live');
    const isSamePage = await markPage(page);
    const before = await readPage(page);

    await network.set({ only: '/events', status: { status: 503 } });
    await network.endConnections(how);
    await expect(connection).toContainText(/Reconnecting, showing \d\d:\d\d:\d\d/, { timeout: RECONNECTED_WITHIN });
    expect(await readPage(page)).toEqual(before);

    await windsock.jump(LAST_STEP);
    await windsock.poll();
    await network.clear();
    await expect(connection).toContainText('Live', { timeout: RECONNECTED_WITHIN });
    await expect(page.locator(RESTARTS)).toHaveText('3');
    await isSamePage();
  });
}

/** Opens the failing app's page over a network that is bent once the sign-in is over. */
async function openOver(page: Page, windsock: Demo, network: Proxy, conditions: Conditions): Promise<Streams> {
  await windsock.jump(CHECK_FAILED_STEP + 1);
  await signIn(page);
  await page.goto('about:blank');
  await network.set({ only: '/events', ...conditions });
  const streams = new Streams(page);
  await gotoLive(page, FAILING_PAGE);
  return streams;
}

async function finish(windsock: Demo): Promise<void> {
  await windsock.jump(LAST_STEP);
  await windsock.poll();
}

test.describe('cuts through the whole story', () => {
  test.use({ story: 'failed-deploy-v14' });

  test('row 9: a proxy that cuts every ten seconds loses nothing, and nothing is shown twice', async ({
    page,
    network,
    windsock,
    anotherWindow,
  }) => {
    test.slow();
    await page.clock.install();
    const streams = await openOver(page, windsock, network, {});
    const isSamePage = await markPage(page);
    const shown = await recordTexts(page, [RESTARTS, `[data-instance="${INSTANCE}"] [data-cell="updated"] time`]);
    for (let step = CHECK_FAILED_STEP + 1; step < LAST_STEP; step++) {
      await windsock.step();
      await windsock.poll();
      if (step % 3 !== 0) continue;
      // What the last step brought may be on its way.
      await page.clock.fastForward(10_000);
      await network.endConnections(step % 2 === 0 ? 'close' : 'reset');
      await windsock.poll();
      await page.clock.fastForward(2_000);
      await expectLive(page);
    }
    await expect(page.locator(RESTARTS)).toHaveText('3', { timeout: RECONNECTED_WITHIN });
    await expectLive(page, RECONNECTED_WITHIN);
    expect(streams.begun, 'streams').toBeGreaterThan(8);
    await isSamePage();

    const [restarts, updated] = await shown();
    for (const seen of [restarts!, updated!]) {
      expect(seen.length).toBeGreaterThan(1);
      expect(seen, 'never back, never twice').toEqual([...new Set(seen)].sort());
    }
    const fresh = await anotherWindow('scripts');
    await gotoLive(fresh, FAILING_PAGE);
    expect(await readPage(page)).toEqual(await readPage(fresh));
  });
});

for (const [what, cut, wait] of [
  ['bytes that are swallowed in the middle of an event', { after_bytes: 300, how: 'silent' }, 0],
  ['an idle connection that is dropped without a word', { after_ms: 500, how: 'silent' }, 700],
] as const) {
  test(`rows 8, 10: ${what}: noticed after two missed signs of life, and nothing is missed`, async ({ page, network, windsock }) => {
    await page.clock.install();
    const streams = await openOver(page, windsock, network, { cut });
    await expectLive(page);
    await page.waitForTimeout(wait);
    await finish(windsock);
    await network.clear();
    await page.clock.fastForward(29_000);
    await page.waitForTimeout(300);
    expect(await page.locator(RESTARTS).textContent()).not.toBe('3');
    expect(streams.begun).toBe(1);

    await page.clock.fastForward(7_000);
    await expect(page.locator(RESTARTS)).toHaveText('3', { timeout: 3_000 });
    await expectLive(page);
    expect(streams.begun).toBe(2);
  });
}

for (const [what, conditions] of [
  ['buffers 64 kB', { buffer_bytes: 65_536 }],
  ['compresses', { recompress: true }],
] as const) {
  test(`row 34: behind a proxy that ${what} the page says so and polls, until streams come through`, async ({
    page,
    network,
    windsock,
  }) => {
    await page.clock.install();
    await openOver(page, windsock, network, conditions);
    await expect(connectionOf(page)).toContainText(HELD_BACK, { timeout: RECONNECTED_WITHIN });
    const isSamePage = await markPage(page);
    await finish(windsock);
    await expect(page.locator(RESTARTS)).toHaveText('3', { timeout: 4_000 });

    await network.clear();
    await page.clock.fastForward('05:00');
    await expectLive(page, RECONNECTED_WITHIN);
    await isSamePage();
  });
}

test('row 54: a state that takes minutes over a slow line arrives, and is asked for once', async ({
  page,
  network,
  windsock,
}) => {
  test.slow();
  await page.clock.install();
  // As after a restart of the server: the stream has to bring the whole state.
  await page.route('**/events?*', async (route) => {
    const url = new URL(route.request().url());
    if (url.searchParams.get('topics') === 'apps') return route.continue();
    url.searchParams.delete('since');
    await finish(windsock);
    return route.continue({ url: url.href });
  });
  const streams = await openOver(page, windsock, network, { bytes_per_second: 800 });
  // The page's minutes are seconds here: the state takes it longer than any of its time-outs.
  for (let passed = 0; passed < 120_000 && (await page.locator(RESTARTS).textContent()) !== '3'; passed += 5_000) {
    await page.clock.fastForward(5_000);
    await page.waitForTimeout(500);
  }
  await expect(page.locator(RESTARTS)).toHaveText('3');
  expect(streams.begun).toBe(1);
  await expectLive(page);
});

test('row 49: with two seconds of latency, pages that are left leave no stream behind', async ({
  page,
  network,
  windsock,
}) => {
  test.slow();
  const streams = await openOver(page, windsock, network, { latency_ms: 2_000 });
  for (let visit = 0; visit < 5; visit++) {
    await page.getByRole('link', { name: 'Windsock' }).first().click();
    await expect(page).toHaveURL(/\/apps$/);
    await page.goBack();
    await expect(page).toHaveURL(new RegExp(`${FAILING_PAGE}$`));
  }
  await expectLive(page, RECONNECTED_WITHIN);
  await expect.poll(() => streams.open).toBe(1);
  await finish(windsock);
  await expect(page.locator(RESTARTS)).toHaveText('3', { timeout: RECONNECTED_WITHIN });
  await expect.poll(() => streams.open).toBe(1);
});

test.describe('under a path', () => {
  test.use({ expectedErrors: /status of 4(04|21)/ });

  test('row 58: a console that a proxy mounts under a path says that it cannot be, in place of a page whose links lead out of it', async ({
    page,
    network,
  }) => {
    await network.set({ prefix: '/console' });
    const answer = await page.goto('/console/apps');
    expect(answer?.status()).toBe(421);
    await expect(page.locator('body')).toContainText('Windsock cannot be mounted under a path');
    await expect(page.locator('body')).toContainText('Give it a host name of its own');
    await network.clear();
    await signIn(page);
    await gotoLive(page, FAILING_PAGE);
    await expectLive(page);
  });
});

/** Keeps what the elements say from now on, each change of it once; for each selector its texts in order. */
async function recordTexts(page: Page, selectors: string[]): Promise<() => Promise<string[][]>> {
  await page.evaluate((selectors) => {
    const texts: string[][] = selectors.map(() => []);
    const look = (): void =>
      selectors.forEach((selector, which) => {
        const element = document.querySelector(selector);
        const text = element?.getAttribute('datetime') ?? element?.textContent ?? '';
        if (texts[which]!.at(-1) !== text) texts[which]!.push(text);
      });
    look();
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    (window as Window & { recorded?: string[][] }).recorded = texts;
  }, selectors);
  return () => page.evaluate(() => (window as Window & { recorded?: string[][] }).recorded!);
}
