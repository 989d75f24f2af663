import { expect, gotoLive, signIn, test } from './fixtures.ts';

test('signing in leads to the list of apps, which is hydrated', async ({ page }) => {
  await signIn(page);
  await gotoLive(page, '/apps');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});
