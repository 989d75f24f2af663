// What the page says, and what it does, when something between browser and console goes wrong.
import { gotoLive, signIn } from './fixtures.ts';
import { markPage } from './support/marks.ts';
import { readPage } from './support/page-state.ts';
import { expect, test } from './support/proxy.ts';
import { CHECK_FAILED_STEP, FAILING_PAGE, INSTANCE, LAST_STEP } from './support/story.ts';

/** The wait before a broken stream is made again begins at about a second. */
const RECONNECTED_WITHIN = 10_000;

test.use({ expectedErrors: /status of 50[23]|ERR_/ });

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
    await expect(page.locator(`[data-instance="${INSTANCE}"] [data-cell="restarts"]`)).toHaveText('3');
    await isSamePage();
  });
}
