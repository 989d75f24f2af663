// The page of one instance: how one comes there, what it says, and that it stays in place while it lives.
import { expect, gotoLive, signIn, test } from './fixtures.ts';
import { markPage } from './support/marks.ts';
import { ALLOCATION_PAGE, MACHINES, machinePage, readInstance } from './support/instance.ts';
import { HEALTHY, HEALTHY_PAGE, INSTANCE, LAST_STEP } from './support/story.ts';
import { expectLive } from './support/tab.ts';

test.use({ expectedErrors: /status of 40[04]/ });

test('the id in the table leads to the page of its instance, and the bar leads back', async ({ page }) => {
  await signIn(page);
  await gotoLive(page, HEALTHY_PAGE);
  const id = MACHINES[0]!;
  await page.getByRole('link', { name: id, exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/machines/${id}$`));
  await expect(page.getByRole('heading', { level: 1, name: id })).toBeFocused();
  await expect(page).toHaveTitle(`${id} · ${HEALTHY} · Windsock`);
  for (const name of ['Health checks', 'Events', 'Logs', 'Configuration', 'Processes', 'About']) {
    await expect(page.getByRole('region', { name })).toBeVisible();
  }
  await expectLive(page);
  await page.getByRole('navigation', { name: 'Breadcrumbs' }).getByRole('link', { name: HEALTHY }).click();
  await expect(page.getByRole('heading', { level: 1, name: HEALTHY })).toBeVisible();
});

test('a machine tells its configuration, its processes and its private address', async ({ page }) => {
  await signIn(page);
  await gotoLive(page, machinePage(MACHINES[0]!));
  await expect(page.getByRole('region', { name: 'About' })).toContainText('Private IP');
  await expect(page.getByRole('region', { name: 'Configuration' })).toContainText('Restart policy');
  await expect(page.getByRole('table', { name: 'Processes' }).getByRole('row')).not.toHaveCount(1);
  await expect(page.getByRole('table', { name: 'Health checks' })).toContainText('Passing');
});

test('] and [ go from instance to instance as the table orders them', async ({ page }) => {
  await signIn(page);
  await gotoLive(page, machinePage(MACHINES[0]!));
  const heading = page.getByRole('heading', { level: 1 });
  await expect(page.getByRole('link', { name: /^Previous/ })).toHaveCount(0);
  for (const id of MACHINES.slice(1)) {
    await page.keyboard.press(']');
    await expect(heading).toHaveText(id);
    await expect(heading).toBeFocused();
  }
  await expect(page.getByRole('link', { name: /^Next/ })).toHaveCount(0);
  await page.keyboard.press('[');
  await expect(heading).toHaveText(MACHINES.at(-2)!);
  await expectLive(page);
});

test('the page follows its instance through a failing deployment, in place', async ({ page, windsock }) => {
  await windsock.jump(8);
  await signIn(page);
  await gotoLive(page, ALLOCATION_PAGE);
  await expectLive(page);
  const isSamePage = await markPage(page);
  const heading = page.getByRole('heading', { level: 1, name: INSTANCE });
  await expect(heading).toBeVisible();
  const events = page.getByRole('table', { name: 'Events' }).getByRole('row');
  const copy = page.getByRole('button', { name: `Copy the id ${INSTANCE}` });
  await copy.focus();
  const before = await events.count();
  const oldest = await events.last().elementHandle();
  await windsock.jump(LAST_STEP);
  await windsock.poll();
  await expect.poll(() => events.count()).toBeGreaterThan(before);
  await expect(copy).toBeFocused();
  expect(await oldest?.evaluate((row) => row.isConnected && row === row.parentElement?.lastElementChild)).toBe(true);
  await isSamePage();
});

test('after a step the open page says what a new one says', async ({ page, windsock, anotherWindow }) => {
  await windsock.jump(8);
  await signIn(page);
  await gotoLive(page, ALLOCATION_PAGE);
  await expectLive(page);
  for (const moment of [12, LAST_STEP]) {
    await windsock.jump(moment);
    await windsock.poll();
    const fresh = await anotherWindow('scripts');
    await gotoLive(fresh, ALLOCATION_PAGE);
    const expected = await readInstance(fresh);
    await expect.poll(() => readInstance(page)).toBe(expected);
  }
});

test('the log shows its end, and a line that is selected stays selected', async ({ page, windsock }) => {
  await windsock.jump(LAST_STEP - 4);
  await signIn(page);
  await gotoLive(page, ALLOCATION_PAGE);
  await expectLive(page);
  const log = page.getByRole('group', { name: 'Last log lines' });
  const atEnd = () =>
    log.evaluate((box) => {
      const last = box.querySelector('tbody tr:last-child')?.getBoundingClientRect();
      return last !== undefined && last.bottom <= box.getBoundingClientRect().bottom + 1;
    });
  expect(await atEnd()).toBe(true);
  const message = page.getByRole('table', { name: 'Logs' }).locator('.message').last();
  await message.selectText();
  const selected = await page.evaluate(() => getSelection()?.toString());
  expect(selected).toBeTruthy();
  await windsock.jump(LAST_STEP);
  await windsock.poll();
  await expectLive(page);
  expect(await page.evaluate(() => getSelection()?.toString())).toBe(selected);
});

test('a deep link shows the part that it names', async ({ page, windsock }) => {
  await windsock.jump(LAST_STEP);
  await signIn(page);
  for (const part of ['#logs', '#config', '#events', '#checks']) {
    await gotoLive(page, ALLOCATION_PAGE + part);
    await expect(page.locator(part)).toBeInViewport();
  }
  await gotoLive(page, ALLOCATION_PAGE);
  const row = await page.getByRole('table', { name: 'Health checks' }).locator('tbody tr').first().getAttribute('id');
  expect(row).toMatch(/^check-/);
});

test('what is not there says so, with a way on', async ({ page }) => {
  await signIn(page);
  await gotoLive(page, machinePage('00000000000000'));
  await expect(page.getByRole('alert')).toContainText(`${HEALTHY} has no instance 00000000000000`);
  await page.getByRole('link', { name: `Open ${HEALTHY}` }).click();
  await expect(page.getByRole('heading', { level: 1, name: HEALTHY })).toBeVisible();
  await gotoLive(page, machinePage('no-id'));
  await expect(page.getByRole('alert')).toContainText('14 hex digits of a machine');
  await gotoLive(page, `/apps/no-such-app/machines/${MACHINES[0]}`);
  await expect(page.getByRole('alert')).toContainText('no-such-app');
});
