// A phone: the tables read as cards, and what can be tapped can be hit.
import { expect, gotoLive, signIn, test } from './fixtures.ts';
import { FAILING, FAILING_PAGE, INSTANCE, LAST_STEP } from './support/story.ts';

const LABELS: Record<string, string> = {
  id: 'ID',
  process: 'Process',
  version: 'Version',
  region: 'Region',
  desired: 'Desired',
  state: 'State',
  checks: 'Health checks',
  restarts: 'Restarts',
  created: 'Created',
  updated: 'Updated',
};

test('an instance is a card in which each cell says what it is', async ({ page, windsock }) => {
  await windsock.jump(LAST_STEP);
  await signIn(page);
  await gotoLive(page, FAILING_PAGE);
  const row = page.locator(`[data-instance="${INSTANCE}"]`);
  for (const [cell, label] of Object.entries(LABELS)) {
    const shown = await row
      .locator(`[data-cell="${cell}"]`)
      .evaluate((element) => getComputedStyle(element, '::before').content);
    expect(shown).toBe(`"${label}"`);
  }
  const box = await row.boundingBox();
  const heading = await page.getByRole('heading', { name: 'Instances' }).boundingBox();
  expect(box?.width).toBeGreaterThan(300);
  expect(box?.y).toBeGreaterThan(heading?.y ?? 0);
});

test('a card is still a row of a table for those who hear it', async ({ page, windsock }) => {
  await windsock.jump(LAST_STEP);
  await signIn(page);
  await gotoLive(page, FAILING_PAGE);
  const table = page.getByRole('table', { name: 'Instances' });
  await expect(table.getByRole('row')).toHaveCount(2);
  await expect(table.getByRole('cell')).toHaveCount(Object.keys(LABELS).length);
});

test('an app of the list is a card that leads to its page', async ({ page }) => {
  await signIn(page);
  await gotoLive(page, '/apps');
  await page.getByRole('link', { name: FAILING }).tap();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(FAILING);
});

test('what can be tapped is large enough to be hit', async ({ page, windsock }) => {
  await windsock.jump(LAST_STEP);
  await signIn(page);
  for (const path of ['/apps', FAILING_PAGE]) {
    await gotoLive(page, path);
    for (const button of await page.getByRole('button').all()) {
      const box = await button.boundingBox();
      // WCAG 2.2, 2.5.8: 24 by 24 CSS pixels.
      expect(Math.min(box?.width ?? 0, box?.height ?? 0), (await button.textContent()) ?? '').toBeGreaterThanOrEqual(24);
    }
  }
});
