// The list of hundreds of apps on a phone.
import { expect, gotoLive, test } from './fixtures.ts';
import { expectNothingFound } from './support/axe.ts';
import { ROWS, signInToFleet, WHILE_LOADING } from './support/fleet.ts';

test.use({ story: 'small-fleet', expectedErrors: WHILE_LOADING });
test('the fleet reads as cards, page by page, without scrolling sideways', async ({ page }) => {
  await signInToFleet(page);
  await gotoLive(page, '/apps');
  await expect(page.locator('[data-app]')).toHaveCount(ROWS);
  await page.getByRole('link', { name: 'Next' }).tap();
  await expect(page.getByText('Page 2 of 3', { exact: true })).toBeVisible();
  await expect(page.locator('[data-app]').first()).toHaveAttribute('aria-rowindex', '102');
  const { content, window } = await page.evaluate(() => ({ content: document.documentElement.scrollWidth, window: innerWidth }));
  expect(content).toBeLessThanOrEqual(window);
  for (const link of await page.locator('.pager a, .apps-summary a:visible').all()) {
    const box = await link.boundingBox();
    // WCAG 2.2, 2.5.8: 24 by 24 CSS pixels.
    expect(Math.min(box?.width ?? 0, box?.height ?? 0), (await link.textContent()) ?? '').toBeGreaterThanOrEqual(24);
  }
  await expectNothingFound(page);
});
