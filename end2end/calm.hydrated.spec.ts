// Live without noise: what a person holds, reads or looks at stays where it is.
import { expect, gotoLive, signIn, test } from './fixtures.ts';
import { holdOn } from './support/marks.ts';
import { observeShifts } from './support/shifts.ts';
import { CHECK_FAILED_STEP, FAILING_PAGE, INSTANCE } from './support/story.ts';
import { STORY } from './support/story-changes.ts';
import { watchCells } from './support/touched.ts';

const SHOWN_WITHIN = 1_000;
/** After the finding appeared and before the deployment fails: no panel comes or goes. */
const FIRST = CHECK_FAILED_STEP + 1;
const UPDATES = 100;

const cell = (name: string) => `[data-instance="${INSTANCE}"] [data-cell="${name}"]`;

test('row 59: focus, a selection, an open log and the place on the page survive a hundred updates', async ({ page, windsock }) => {
  test.slow();
  await page.setViewportSize({ width: 1280, height: 500 });
  await windsock.jump(FIRST);
  await signIn(page);
  await gotoLive(page, FAILING_PAGE);
  const log = page.getByRole('group').filter({ hasText: 'Last log lines' });
  await log.locator('summary').click();
  await page.locator('h2', { hasText: 'Instances' }).scrollIntoViewIfNeeded();
  await page.evaluate(() => window.scrollTo(0, 200));
  const copy = page.getByRole('button', { name: `Copy the id ${INSTANCE}` });
  await copy.focus();
  await page.evaluate((selector) => {
    const text = document.querySelector(selector);
    if (text) getSelection()?.selectAllChildren(text);
  }, '.finding .headline');
  const isSameCopy = await holdOn(page, `${cell('id')} button`);
  const kept = () =>
    page.evaluate(() => ({
      scroll: window.scrollY,
      selection: getSelection()?.toString(),
      open: document.querySelector<HTMLDetailsElement>('details.log')?.open,
    }));
  const before = await kept();
  expect(before).toMatchObject({ selection: 'The app listens on port 8080. Fly checks port 4000.', open: true });

  const updated = page.locator(`${cell('updated')} time`);
  const seen = new Set<string | null>();
  for (let update = 0; update < UPDATES; update++) {
    // Forwards and back again, ten steps each way.
    const turn = update % 20;
    const step = turn < 10 ? turn : 20 - turn;
    await windsock.jump(FIRST + step);
    await windsock.poll();
    seen.add(await updated.getAttribute('datetime'));
  }
  expect(seen.size, 'moments that the page showed').toBeGreaterThan(3);
  await windsock.jump(FIRST);
  await windsock.poll();
  await expect.poll(kept, { timeout: SHOWN_WITHIN }).toEqual(before);
  await expect(copy).toBeFocused();
  await isSameCopy();
});

test('only the cells that changed are written and tinted', async ({ page, windsock }) => {
  await windsock.jump(FIRST);
  await signIn(page);
  await gotoLive(page, FAILING_PAGE);
  const cells = await watchCells(page);
  const touched = { written: new Set<string>(), tinted: new Set<string>() };
  const take = async () => {
    const now = await cells.take();
    now.written.forEach((name) => touched.written.add(name));
    now.tinted.forEach((name) => touched.tinted.add(name));
    return [...touched.tinted].sort();
  };
  await windsock.step();
  await windsock.poll();
  await expect.poll(take, { timeout: SHOWN_WITHIN }).toEqual(['updated']);
  await windsock.step();
  await windsock.poll();
  await expect.poll(take, { timeout: SHOWN_WITHIN }).toEqual(['restarts', 'updated']);
  await windsock.step();
  await windsock.poll();
  // The shape and the colour of the state tell whether checks fail.
  await expect.poll(take, { timeout: SHOWN_WITHIN }).toEqual(['checks', 'restarts', 'state', 'updated']);
  // Ages tick; every other cell is left alone.
  touched.written.delete('created');
  expect([...touched.written].sort()).toEqual(['checks', 'restarts', 'state', 'updated']);
});

test('a changed cell is tinted for a moment, and then no more', async ({ page, windsock }) => {
  await windsock.jump(FIRST + 1);
  await signIn(page);
  await gotoLive(page, FAILING_PAGE);
  const restarts = page.locator(cell('restarts'));
  await expect(restarts).not.toHaveClass(/changed/);
  await windsock.step();
  await windsock.poll();
  await expect(restarts).toHaveText('1', { timeout: SHOWN_WITHIN });
  await expect(restarts).toHaveClass(/changed/);
  await expect(restarts).not.toHaveClass(/changed/, { timeout: 3_000 });
});

test.describe('with reduced motion', () => {
  test.use({ contextOptions: { reducedMotion: 'reduce' } });

  test('nothing is animated', async ({ page, windsock }) => {
    await windsock.jump(FIRST + 1);
    await signIn(page);
    await gotoLive(page, FAILING_PAGE);
    const restarts = page.locator(cell('restarts'));
    await windsock.step();
    await windsock.poll();
    await expect(restarts).toHaveText('1', { timeout: SHOWN_WITHIN });
    await expect(restarts).toHaveCSS('animation-name', 'none');
  });
});

test('nothing on the page moves while cells change', async ({ page, windsock }) => {
  await windsock.jump(FIRST + 1);
  await signIn(page);
  await gotoLive(page, FAILING_PAGE);
  await expect(page.getByRole('status', { name: 'Connection' })).toContainText('Live');
  const shifts = await observeShifts(page);
  // Restarts, checks, the state of the check, and log lines inside the closed log.
  for (let update = 0; update < 5; update++) {
    await windsock.step();
    await windsock.poll();
    expect(await shifts.take(), STORY[FIRST + 1 + update]?.title).toEqual([]);
  }
});

test('a table that is read while the story stands still is not touched at all, but for ages', async ({ page, windsock }) => {
  await windsock.jump(FIRST);
  await signIn(page);
  await gotoLive(page, FAILING_PAGE);
  const cells = await watchCells(page);
  for (let poll = 0; poll < 3; poll++) await windsock.poll();
  const { written, tinted } = await cells.take();
  expect(tinted).toEqual([]);
  expect(written.filter((name) => !['created', 'updated'].includes(name))).toEqual([]);
});
