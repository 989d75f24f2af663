// The alarm is served in the first screen of a common window.
import { expect, gotoLive, signIn, test } from './fixtures.ts';
import { FAILING_PAGE, HEALTHY_PAGE, INSTANCE, LAST_STEP } from './support/story.ts';

test.use({ viewport: { width: 1280, height: 800 } });

test('the deployment, the finding with its command and the instances are in the first screen', async ({ page, windsock }) => {
  await windsock.jump(LAST_STEP);
  await signIn(page);
  await gotoLive(page, FAILING_PAGE);
  const first = [
    page.getByRole('region', { name: 'Deployment status' }),
    page.getByRole('region', { name: 'Diagnosis' }),
    page.getByRole('button', { name: 'Copy the command' }),
    page.getByRole('heading', { name: 'Instances' }),
    page.locator(`[data-instance="${INSTANCE}"]`),
  ];
  for (const part of first) await expect(part).toBeInViewport({ ratio: 1 });
});

test('six instances of a healthy app are in the first screen', async ({ page }) => {
  await signIn(page);
  await gotoLive(page, HEALTHY_PAGE);
  const rows = page.locator('[data-instance]');
  await expect(rows).toHaveCount(6);
  for (const row of await rows.all()) await expect(row).toBeInViewport({ ratio: 1 });
});

test('the regions and tables carry the names that people and scripts rely on', async ({ page, windsock }) => {
  await windsock.jump(LAST_STEP);
  await signIn(page);
  await gotoLive(page, FAILING_PAGE);
  for (const name of ['Deployment status', 'Diagnosis', 'Instances', 'Process groups', 'Timeline']) {
    await expect(page.getByRole('region', { name, exact: true })).toHaveCount(1);
  }
  const headers = page.getByRole('table', { name: 'Instances', exact: true }).getByRole('columnheader');
  await expect(headers).toHaveText([
    'ID', 'Process', 'Version', 'Region', 'Desired', 'State', 'Health checks', 'Restarts', 'Created', 'Updated',
  ]);
  await expect(page.getByRole('status', { name: 'Connection' })).toBeVisible();
});
