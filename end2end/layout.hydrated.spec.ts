// The alarm is served in the first screen of a common window.
import { expect, gotoLive, signIn, test } from './fixtures.ts';
import { EXPECTED_ON_THE_WAY, PLACES } from './support/places.ts';
import { FAILING_PAGE, HEALTHY_PAGE, INSTANCE, LAST_STEP } from './support/story.ts';

/** Around the widths at which the layout changes, and the narrowest of WCAG 2.2 (1.4.10). */
const WIDTHS = [1280, 1180, 1024, 861, 860, 700, 600, 320];

test.use({ viewport: { width: 1280, height: 800 }, expectedErrors: EXPECTED_ON_THE_WAY });

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

for (const place of PLACES) {
  test(`nothing scrolls sideways at any width on ${place.name}`, async ({ page, windsock }) => {
    await place.go(page, windsock);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      const content = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(content, `at ${width}`).toBeLessThanOrEqual(width);
    }
  });
}
