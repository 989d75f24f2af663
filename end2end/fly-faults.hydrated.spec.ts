// Faults of Fly as they are seen on an open page: server/tests/faults.rs has all of them, without a browser.
import { expect, gotoLive, signIn, test } from './fixtures.ts';
import { addFaults, clearFaults, faultHits } from './support/faults.ts';
import { markPage } from './support/marks.ts';
import { readPage } from './support/page-state.ts';
import { CHECK_FAILED_STEP, FAILING_PAGE, HEALTHY_PAGE } from './support/story.ts';

const SHOWN_WITHIN = 1_000;

for (const [preset, path, said] of [
  ['fly-resets', FAILING_PAGE, 'Fly could not be reached'],
  ['captive-portal', FAILING_PAGE, "Fly's answer could not be understood"],
  ['rate-limited', HEALTHY_PAGE, 'Fly asked to wait until'],
  ['machines-429', HEALTHY_PAGE, 'Could not be loaded: instances'],
] as const) {
  test(`${preset}: an open page says so, keeps its data, and is fine again afterwards`, async ({ page, windsock }) => {
    await windsock.jump(CHECK_FAILED_STEP + 1);
    await signIn(page);
    await gotoLive(page, path);
    await expect(page.getByRole('status', { name: 'Connection' })).toContainText('Live');
    const isSamePage = await markPage(page);
    const before = await readPage(page);

    const ids = await addFaults(windsock, preset);
    await windsock.poll();
    const notice = page.locator('[data-part="source"]');
    await expect(notice).toContainText(said, { timeout: SHOWN_WITHIN });
    const hits = await faultHits(windsock);
    expect(Math.max(...ids.map((id) => hits.get(id) ?? 0))).toBeGreaterThan(0);
    const { notice: _, ...during } = await readPage(page);
    expect(during).toEqual(before);

    await clearFaults(windsock);
    await windsock.poll();
    await expect(notice).toHaveCount(0, { timeout: SHOWN_WITHIN });
    expect(await readPage(page)).toEqual(before);
    await isSamePage();
  });
}
