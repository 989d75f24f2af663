// Pages on which much happens for long: what is painted, and what is left behind. Numbers of rows: see docs/live.md.
import type { Page } from '@playwright/test';
import { expect, gotoLive, signIn, test, type Demo } from './fixtures.ts';
import { MACHINES, machinePage } from './support/instance.ts';
import { watchPainting } from './support/painted.ts';
import { HEALTHY_PAGE } from './support/story.ts';
import { expectLive } from './support/tab.ts';
import { createMachines, machineIds, setStates, writeLines } from './support/tell.ts';

/** More than are kept. */
const LINES_AT_ONCE = 600;

/** The browser's own account of the page after everything that can go is gone. */
interface Kept {
  nodes: number;
  listeners: number;
  megabytes: number;
}

async function kept(page: Page): Promise<Kept> {
  const devtools = await page.context().newCDPSession(page);
  // What the first sweep finalizes goes with the second.
  for (let sweep = 0; sweep < 2; sweep++) await devtools.send('HeapProfiler.collectGarbage');
  const { nodes, jsEventListeners } = await devtools.send('Memory.getDOMCounters');
  const { usedSize, ...beside } = await devtools.send('Runtime.getHeapUsage');
  const { backingStorageSize = 0 } = beside as { backingStorageSize?: number };
  await devtools.detach();
  return { nodes, listeners: jsEventListeners, megabytes: (usedSize + backingStorageSize) / 1024 / 1024 };
}

/** The page of an app with 200 instances more; their ids. */
async function openRows(page: Page, windsock: Demo): Promise<string[]> {
  const ids = machineIds(200);
  await createMachines(windsock, ids);
  await signIn(page);
  await gotoLive(page, HEALTHY_PAGE);
  await expectLive(page);
  return ids;
}

test.use({ story: 'calm' });

test('row 38: where 200 rows change each second only the cells that changed are painted, once each', async ({ page, windsock }) => {
  test.slow();
  const ids = await openRows(page, windsock);
  await expect(page.locator('[data-instance]')).toHaveCount(ids.length + MACHINES.length);
  const painting = await watchPainting(page, 'table:has([data-instance]) tbody');
  const last = page.locator(`[data-instance="${ids.at(-1)}"] [data-cell="state"]`);
  for (let second = 1; second <= 6; second++) {
    const [state, word] = second % 2 === 0 ? ['started', 'Started'] : ['restarting', 'Restarting'];
    await windsock.jump(`2021-09-22T20:00:${String(second).padStart(2, '0')}Z`);
    await setStates(windsock, ids, state!);
    await painting.take();
    await windsock.poll();
    await expect(last).toContainText(word!);
    const { cells, rows } = await painting.take();
    expect(rows, 'rows that came, went or were moved').toBe(0);
    // Ages tick besides; nothing else of 206 rows with ten cells each.
    const { created, updated, ...others } = cells;
    expect(others, `second ${second}`).toEqual({ state: ids.length });
    expect(updated ?? 0).toBeLessThanOrEqual(ids.length + MACHINES.length);
  }
});

/** All rows of a busy app change, so many times. */
async function changeRows(windsock: Demo, page: Page, ids: string[], rounds: number): Promise<void> {
  for (let round = 1; round <= rounds; round++) {
    const [state, word] = round % 2 === 0 ? ['started', 'Started'] : ['restarting', 'Restarting'];
    await setStates(windsock, ids, state!);
    await windsock.poll();
    await expect(page.locator(`[data-instance="${ids[0]}"] [data-cell="state"]`)).toContainText(word!);
  }
}

test('row 36: an hour of changes of rows leaves a page as large as it was', async ({ page, windsock }) => {
  test.slow();
  const ids = await openRows(page, windsock);
  await changeRows(windsock, page, ids, 4);
  const before = await kept(page);
  // A change each second.
  await changeRows(windsock, page, ids, 3_600 / ids.length);
  const after = await kept(page);
  expectAsLarge(before, after);
});

test('row 36: an hour of lines leaves the page of a log as large as it was', async ({ page, windsock }) => {
  test.slow();
  const machine = MACHINES[0]!;
  await signIn(page);
  await gotoLive(page, machinePage(machine));
  await expectLive(page);
  const last = page.getByRole('region', { name: 'Logs' }).locator('tbody tr').last();
  let written = 0;
  const write = async (rounds: number): Promise<void> => {
    for (let round = 0; round < rounds; round++) {
      await writeLines(windsock, machine, written, LINES_AT_ONCE);
      written += LINES_AT_ONCE;
      await windsock.poll();
      await expect(last).toContainText(`line ${written - 1}`);
    }
  };
  await write(4);
  const before = await kept(page);
  // Two lines a second for an hour.
  await write(7_200 / LINES_AT_ONCE);
  const after = await kept(page);
  expectAsLarge(before, after);
});

function expectAsLarge(before: Kept, after: Kept): void {
  test.info().annotations.push({ type: 'kept', description: `${JSON.stringify(before)} ${JSON.stringify(after)}` });
  expect(after.nodes - before.nodes, 'nodes').toBeLessThan(100);
  expect(after.listeners - before.listeners, 'listeners').toBeLessThan(10);
  expect(after.megabytes - before.megabytes, 'megabytes').toBeLessThan(1);
}
