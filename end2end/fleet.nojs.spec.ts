// The list of 5,000 apps with JavaScript off: a form and links.
import { expect, test } from './fixtures.ts';
import { names, ROWS, signInToFleet, WHILE_LOADING } from './support/fleet.ts';

test.use({ story: 'fleet', expectedErrors: WHILE_LOADING });
test.slow();

test('pages of a hundred lead to one another, each with rows of its own', async ({ page }) => {
  await signInToFleet(page);
  await page.goto('/apps?sort=name');
  const first = await names(page);
  expect(first).toHaveLength(ROWS);
  expect(first).toEqual([...first].sort());
  await expect(page.getByRole('link', { name: 'Previous' })).toHaveCount(0);
  await page.getByRole('link', { name: 'Next' }).click();
  await expect(page).toHaveURL(/\/apps\?sort=name&page=2$/);
  const second = await names(page);
  expect(second[0]! > first[ROWS - 1]!).toBe(true);
  await expect(page.locator('.apps-count')).toContainText('101 to 200 of 5,005 apps.');
  await page.goto('/apps?sort=name&page=999');
  await expect(page.getByText('Page 51 of 51')).toBeVisible();
  await expect(page.locator('[data-app]')).toHaveCount(5);
});

test('the form narrows and counts, and begins with the first page', async ({ page }) => {
  await signInToFleet(page);
  await page.goto('/apps?page=3');
  await page.getByLabel('Search').fill('gateway');
  await page.getByLabel('Organization').selectOption('granite-pay');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page).toHaveURL(/organization=granite-pay/);
  expect(new URL(page.url()).searchParams.get('page')).toBeNull();
  const chosen = await page.getByLabel('Organization').locator(':checked').textContent();
  const count = Number(/\((\d+)\)$/.exec(chosen ?? '')?.[1]);
  await expect(page.locator('[data-app]')).toHaveCount(count);
  await expect(page.locator('.apps-count')).toContainText(`${count} of 5,005 apps.`);
  for (const name of await names(page)) expect(name).toContain('gateway');
});
