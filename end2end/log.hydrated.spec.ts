// The live log of an instance: it goes on, ends, starts and keeps up. Numbers of rows: see docs/live.md.
import type { Locator, Page } from '@playwright/test';
import { expect, gotoLive, signIn, test } from './fixtures.ts';
import { addFaults, clearFaults } from './support/faults.ts';
import { MACHINES, machinePage } from './support/instance.ts';
import { watchPainting } from './support/painted.ts';
import { openMenu } from './support/sign-in.ts';
import { expectLive } from './support/tab.ts';
import { createMachines, machineIds, setStates, writeLines } from './support/tell.ts';

const MACHINE = MACHINES[0]!;
/** As many lines as a page keeps. */
const KEPT = 200;
const SHOWN_WITHIN = 2_000;

test.use({ story: 'calm' });

function logOf(page: Page): { part: Locator; lines: Locator; box: Locator } {
  const part = page.getByRole('region', { name: 'Logs' });
  return { part, lines: part.locator('tbody tr'), box: part.getByRole('group', { name: 'Last log lines' }) };
}

async function openLog(page: Page, machine = MACHINE): Promise<ReturnType<typeof logOf>> {
  await signIn(page);
  await gotoLive(page, machinePage(machine));
  await expectLive(page);
  return logOf(page);
}

async function expectEnd(lines: Locator, text: string): Promise<void> {
  await expect(lines.last()).toContainText(text, { timeout: SHOWN_WITHIN });
}

test('row 30: following a log goes on while lines come, and after an error that is named', async ({ page, windsock }) => {
  const { lines, box } = await openLog(page);
  const endIsShown = () =>
    box.evaluate((element) => {
      const last = element.querySelector('tbody tr:last-child')?.getBoundingClientRect();
      return last !== undefined && last.bottom <= element.getBoundingClientRect().bottom + 1;
    });
  for (let round = 0; round < 5; round++) {
    await writeLines(windsock, MACHINE, round * 100, 100);
    await windsock.poll();
    await expectEnd(lines, `line ${round * 100 + 99}`);
    await expect.poll(endIsShown).toBe(true);
  }
  await addFaults(windsock, [{ fault: { kind: 'status', status: 503 }, route: 'rest:/api/v1/apps/{app}/logs' }]);
  await windsock.poll();
  await windsock.poll();
  await expect(page.locator('[data-part="source"]')).toContainText('log');
  await writeLines(windsock, MACHINE, 500, 3);
  await windsock.poll();
  await clearFaults(windsock);
  await windsock.poll();
  await expectEnd(lines, 'line 502');
  await expect(lines.filter({ hasText: 'line 500' })).toHaveCount(1);
  await windsock.poll();
  await expect(page.locator('[data-part="source"]')).toHaveCount(0);

  // Who reads further up stays there.
  await box.evaluate((element) => (element.scrollTop = -1_000));
  const before = await lines.nth(100).evaluate((row) => row.getBoundingClientRect().top);
  await writeLines(windsock, MACHINE, 503, 1);
  await windsock.poll();
  await expectEnd(lines, 'line 503');
  expect(await box.evaluate((element) => element.scrollTop)).toBeLessThan(-500);
  expect(Math.abs((await lines.nth(99).evaluate((row) => row.getBoundingClientRect().top)) - before)).toBeLessThan(2);
});

test('row 31: the log of a machine that has stopped has an end, and goes on once it runs again', async ({ page, windsock }) => {
  const { part, lines } = await openLog(page);
  await writeLines(windsock, MACHINE, 0, 2);
  await windsock.poll();
  await expectEnd(lines, 'line 1');
  await setStates(windsock, [MACHINE], 'stopped');
  await windsock.poll();
  await expect(part).toContainText('The log ends here', { timeout: SHOWN_WITHIN });
  await expect(lines.last()).toContainText('line 1');
  await setStates(windsock, [MACHINE], 'started');
  await writeLines(windsock, MACHINE, 2, 1);
  await windsock.poll();
  await expectEnd(lines, 'line 2');
  await expect(part).not.toContainText('The log ends here');
});

test('row 32: a log that is opened before its machine has written anything starts by itself', async ({ page, windsock }) => {
  const [machine] = machineIds(1);
  await createMachines(windsock, [machine!], 'created');
  const { part, lines } = await openLog(page, machine);
  await expect(part).toContainText('No lines yet');
  await windsock.poll();
  await setStates(windsock, [machine!], 'started');
  await writeLines(windsock, machine!, 0, 3);
  await windsock.poll();
  await expectEnd(lines, 'line 2');
  await expect(lines).toHaveCount(3);
  await expect(part).not.toContainText('No lines yet');
});

test('row 37: bursts of a thousand lines are painted once each, of no more rows than are kept, and the page answers', async ({
  page,
  windsock,
}) => {
  const { lines } = await openLog(page);
  await writeLines(windsock, MACHINE, 0, KEPT);
  await windsock.poll();
  await expectEnd(lines, `line ${KEPT - 1}`);
  const painting = await watchPainting(page, '.log-table tbody');
  await openMenu(page);
  const theme = page.getByRole('button', { name: /^Theme/ });
  for (let burst = 1; burst <= 5; burst++) {
    await writeLines(windsock, MACHINE, burst * 1_000, 900);
    await windsock.poll();
    const word = await theme.textContent();
    await theme.click();
    await expect(theme).not.toHaveText(word ?? '');
    await expectEnd(lines, `line ${burst * 1_000 + 899}`);
    await expect(lines).toHaveCount(KEPT);
    // Each row that was there is removed, and as many come.
    expect((await painting.take()).rows).toBeLessThanOrEqual(2 * KEPT);
  }
  await expect.poll(() => page.locator('*').count(), 'nothing is left behind').toBeLessThan(2_500);
});

test('row 62: lines that are left out are counted where they are missing, however they came', async ({ page, windsock }) => {
  const { lines } = await openLog(page);
  await writeLines(windsock, MACHINE, 0, 10);
  await windsock.poll();
  await expectEnd(lines, 'line 9');

  // More at once than are kept: all are read, and the number is exact.
  await writeLines(windsock, MACHINE, 10, 700);
  await windsock.poll();
  await expectEnd(lines, 'line 709');
  await expect(lines.first()).toContainText('501 lines are left out here: more came at once than this page keeps.');

  // More than are read: the newest go on, and it is said that not all were read.
  await writeLines(windsock, MACHINE, 710, 3_000);
  await windsock.poll();
  await expectEnd(lines, 'line 3709');
  const gap = lines.filter({ hasText: 'left out' }).last();
  await expect(gap).toContainText('At least 1000 lines are left out here: they came faster than Windsock reads them.');
  await expect(lines.filter({ hasText: /line 3610$/ })).toHaveCount(1);

  // A page that is opened now says the same.
  await gotoLive(page, machinePage(MACHINE));
  await expect(lines.filter({ hasText: 'At least 1000 lines' })).toHaveCount(1);
});
