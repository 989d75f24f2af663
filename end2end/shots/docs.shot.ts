// The pages at the captured moment: two restarts done, the third signalled, the deployment failed.
import { expect, gotoLive, signIn, test } from '../fixtures.ts';

const FAILED = '2021-09-22T20:25:59Z';
const IMAGES = '../docs/images';

const SIZES = {
  desktop: { width: 1280, height: 800 },
  phone: { width: 390, height: 844 },
};

const PAGES = {
  'app-page': '/apps/crimson-wildflower-1711',
  'healthy-app': '/apps/tidewater-api',
  apps: '/apps',
};

for (const [size, viewport] of Object.entries(SIZES)) {
  test(`pages on a ${size}`, async ({ page, windsock }, { project }) => {
    await windsock.jump(FAILED);
    await page.setViewportSize(viewport);
    await page.goto('/sign-in');
    await page.screenshot({ path: `${IMAGES}/sign-in-${size}-${project.name}.png` });
    await signIn(page);
    for (const [name, path] of Object.entries(PAGES)) {
      await gotoLive(page, path);
      await expect(page.getByRole('status', { name: 'Connection' })).toContainText('Live');
      await page.screenshot({ path: `${IMAGES}/${name}-${size}-${project.name}.png` });
    }
    await gotoLive(page, PAGES['app-page']);
    await page.keyboard.press('ControlOrMeta+k');
    await expect(page.getByRole('option', { selected: true })).toBeVisible();
    await page.screenshot({ path: `${IMAGES}/palette-${size}-${project.name}.png` });
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.screenshot({ path: `${IMAGES}/help-${size}-${project.name}.png` });
  });
}
