// The story, step by step: before a step and after it exactly the expected cells differ.
import { expect, gotoLive, signIn, test } from './fixtures.ts';
import { holdOn, markPage } from './support/marks.ts';
import { difference, readPage } from './support/page-state.ts';
import { CHECK_FAILED_STEP, FAILING_PAGE, INSTANCE, LAST_STEP } from './support/story.ts';
import { STORY } from './support/story-changes.ts';

/** From the poll that saw a change until the page shows it. */
const SHOWN_WITHIN = 1_000;

test.use({ story: 'failed-deploy-v14' });

test('each step of a failing deployment changes exactly its own cells, without a reload', async ({
  page,
  windsock,
  anotherWindow,
}) => {
  test.slow();
  await signIn(page);
  await gotoLive(page, FAILING_PAGE);
  const isSamePage = await markPage(page);
  let isSameRow = async () => {};
  let slowest = 0;
  let before = await readPage(page);

  for (const [index, step] of STORY.entries()) {
    await test.step(step.title, async () => {
      const position = await windsock.step();
      expect(position.step).toBe(index + 1);
      await windsock.poll();
      const polled = performance.now();
      await expect(async () => {
        expect(difference(before, await readPage(page))).toEqual(step.changes);
      }).toPass({ timeout: SHOWN_WITHIN, intervals: [10, 20, 50] });
      slowest = Math.max(slowest, performance.now() - polled);
      before = await readPage(page);
      await isSamePage();
      await isSameRow();
      if (step.changes[`instance ${INSTANCE} id`]) isSameRow = await holdOn(page, `[data-instance="${INSTANCE}"] td`);
    });
  }
  test.info().annotations.push({ type: 'slowest step', description: `${Math.round(slowest)} ms after the poll` });
  expect(STORY).toHaveLength(LAST_STEP);

  await test.step('a page that is opened now says the same', async () => {
    const hydrated = await anotherWindow('scripts');
    await gotoLive(hydrated, FAILING_PAGE);
    expect(await readPage(hydrated)).toEqual(before);
    const plain = await anotherWindow('no scripts');
    await plain.goto(FAILING_PAGE);
    expect(await readPage(plain)).toEqual(before);
  });
});

test('the page follows a story that jumps over many steps at once, and back', async ({ page, windsock, anotherWindow }) => {
  await signIn(page);
  await gotoLive(page, FAILING_PAGE);
  const isSamePage = await markPage(page);
  for (const moment of [LAST_STEP, CHECK_FAILED_STEP, 0, LAST_STEP]) {
    await windsock.jump(moment);
    await windsock.poll();
    const fresh = await anotherWindow('no scripts');
    await fresh.goto(FAILING_PAGE);
    const expected = await readPage(fresh);
    await expect.poll(() => readPage(page), { timeout: SHOWN_WITHIN }).toEqual(expected);
  }
  await isSamePage();
});

test('the list of apps follows the deployment', async ({ page, windsock }) => {
  await signIn(page);
  await gotoLive(page, '/apps');
  const isSamePage = await markPage(page);
  const row = page.getByRole('row', { name: /crimson-wildflower-1711/ });
  const deployment = row.locator('[data-cell="deployment"]');
  await expect(deployment).toContainText('Failed v13');
  await windsock.jump(2);
  await windsock.poll();
  await expect(deployment).toContainText('Running v14', { timeout: SHOWN_WITHIN });
  await windsock.jump(LAST_STEP);
  await windsock.poll();
  await expect(deployment).toContainText('Failed v14', { timeout: SHOWN_WITHIN });
  await isSamePage();
});
