// JavaScript switched off: an instance reads, and its neighbors are links.
import { expect, signIn, test } from './fixtures.ts';
import { ALLOCATION_PAGE, MACHINES, machinePage, readInstance } from './support/instance.ts';
import { HEALTHY, HEALTHY_PAGE, INSTANCE, LAST_STEP } from './support/story.ts';

test('from the app to an instance, to its neighbor, and back', async ({ page }) => {
  await signIn(page);
  await page.goto(HEALTHY_PAGE);
  await page.getByRole('link', { name: MACHINES[0]!, exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(MACHINES[0]!);
  await page.getByRole('link', { name: /^Next/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(MACHINES[1]!);
  await page.getByRole('navigation', { name: 'Breadcrumbs' }).getByRole('link', { name: HEALTHY }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(HEALTHY);
});

test('a failing instance reads whole', async ({ page, windsock }) => {
  await windsock.jump(LAST_STEP);
  await signIn(page);
  await page.goto(ALLOCATION_PAGE);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(INSTANCE);
  await expect(page.getByRole('table', { name: 'Health checks' })).toContainText('Critical');
  await expect(page.getByRole('table', { name: 'Logs' })).toContainText(':::8080');
  await expect(page.getByRole('region', { name: 'Configuration' })).toContainText('internal port 4000');
  await expect(page.getByText(/^As of \d\d:\d\d:\d\d UTC$/)).toBeVisible();
});

test('a machine tells the same with scripts and without', async ({ page, anotherWindow }) => {
  await signIn(page);
  const path = machinePage(MACHINES[0]!);
  await page.goto(path);
  const plain = await readInstance(page);
  const hydrated = await anotherWindow('scripts');
  await hydrated.goto(path);
  expect(await readInstance(hydrated)).toBe(plain);
});
