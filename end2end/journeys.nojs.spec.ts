// A whole visit with JavaScript off: in, through the list to the app, an instance and a release, and out.
import { expect, test } from './fixtures.ts';
import { sendToken, signOut } from './support/sign-in.ts';
import { FAILING, FAILING_PAGE, INSTANCE, LAST_STEP } from './support/story.ts';

test('from the sign-in to why it failed, and out again', async ({ page, windsock }) => {
  await windsock.jump(LAST_STEP);
  const heading = page.getByRole('heading', { level: 1 });
  const crumbs = page.getByRole('navigation', { name: 'Breadcrumbs' });

  await test.step('sign in', async () => {
    await page.goto('/');
    await sendToken(page);
    await expect(heading).toHaveText('Apps');
  });

  await test.step('search the list', async () => {
    await page.getByLabel('Search').fill('crimson');
    await page.getByRole('button', { name: 'Apply' }).click();
    await expect(page.locator('[data-app]')).toHaveCount(1);
  });

  await test.step('read the app', async () => {
    await page.getByRole('link', { name: FAILING }).click();
    await expect(heading).toHaveText(FAILING);
    await expect(page.getByRole('region', { name: 'Diagnosis' })).toContainText('Fly checks port 4000.');
  });

  await test.step('read its instance', async () => {
    await page.getByRole('link', { name: INSTANCE, exact: true }).click();
    await expect(heading).toHaveText(INSTANCE);
    await page.getByRole('navigation', { name: 'Parts of the page' }).getByRole('link', { name: 'Logs' }).click();
    await expect(page.getByRole('heading', { name: 'Logs' })).toBeInViewport();
  });

  await test.step('read what changed with its release', async () => {
    await crumbs.getByRole('link', { name: FAILING }).click();
    await page.getByRole('navigation', { name: 'Pages of the app' }).getByRole('link', { name: 'Releases' }).click();
    await page.getByRole('link', { name: 'v14', exact: true }).click();
    await expect(heading).toHaveText('v14');
    await expect(page.getByRole('region', { name: /What changed/ })).toBeVisible();
    await expect(crumbs.getByRole('listitem')).toHaveText(['Apps', FAILING, 'Releases', 'v14']);
  });

  await test.step('sign out', async () => {
    await signOut(page);
    await page.goto(FAILING_PAGE);
    await expect(heading).toHaveText('Sign in');
  });
});
