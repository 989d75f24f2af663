// The pages about releases with JavaScript off: complete, and each leads to the others.
import { expect, signIn, test } from './fixtures.ts';

test.use({ story: 'many-releases' });

test('releases read without scripts, page by page', async ({ page }) => {
  await signIn(page);
  await page.goto('/apps/ferry-log/releases');
  await expect(page.getByRole('table', { name: 'Releases' }).getByRole('row')).toHaveCount(26);
  await page.getByRole('link', { name: 'Older releases' }).click();
  await expect(page.getByRole('row', { name: /v175 / })).toBeVisible();
  await page.getByRole('link', { name: 'v171' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('v171');
  await expect(page.getByRole('region', { name: 'Why v171 failed' })).toContainText('the app appears to be crashing');
  await page.getByRole('link', { name: 'v172 →' }).click();
  await expect(page.getByRole('region', { name: 'Go back to v172' })).toContainText('fly deploy -a ferry-log --image');
  await expect(page.getByText(/^As of \d\d:\d\d:\d\d UTC$/)).toBeVisible();
});
