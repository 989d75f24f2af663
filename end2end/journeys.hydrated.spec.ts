// Whole journeys without a mouse: nothing here clicks, and nothing puts the focus anywhere but a key.
import { type Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { focused } from './support/focus.ts';
import { MACHINES } from './support/instance.ts';
import { FAILING, HEALTHY, LAST_STEP } from './support/story.ts';

/** Presses Tab until the focus is on what has this name. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const passed: string[] = [];
  for (let stop = 0; stop < 60; stop++) {
    await page.keyboard.press('Tab');
    const here = await focused(page);
    if (typeof name === 'string' ? here.name === name : name.test(here.name)) return;
    passed.push(here.name);
  }
  throw new Error(`Tab does not lead to ${name}; it leads to ${passed.join(', ')}`);
}

async function live(page: Page): Promise<void> {
  await page.locator('html[data-hydrated]').waitFor({ state: 'attached' });
}

test('from the sign-in to the command that mends the app, and out again', async ({ page, context, windsock }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await windsock.jump(LAST_STEP);

  await test.step('sign in', async () => {
    await page.goto('/sign-in');
    await live(page);
    await tabTo(page, 'Fly token');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/\/apps$/);
    await live(page);
  });

  await test.step('find an app and open it', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('crimson');
    await expect(page.locator('[data-app]')).toHaveCount(1);
    await tabTo(page, FAILING);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: FAILING })).toBeFocused();
    await expect(page).toHaveTitle(`${FAILING} · Windsock`);
  });

  await test.step('copy the command', async () => {
    await tabTo(page, 'Copy the command');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('button', { name: 'Copied the command' })).toBeFocused();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`fly deploy -a ${FAILING} -e PORT=4000`);
  });

  await test.step('read the last log lines', async () => {
    await tabTo(page, /Last log lines/);
    await page.keyboard.press('Enter');
    await expect(page.locator('details.log')).toHaveAttribute('open');
  });

  await test.step('use the dark theme', async () => {
    await page.keyboard.press('ControlOrMeta+k');
    await page.keyboard.type('dark');
    await expect(page.getByRole('option', { name: 'Theme: dark', selected: true })).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    expect((await focused(page)).name, 'the focus is where it was').toMatch(/Last log lines/);
  });

  await test.step('go on to another app by the palette', async () => {
    await page.keyboard.press('ControlOrMeta+k');
    await page.keyboard.type('tide');
    await expect(page.getByRole('option', { selected: true })).toContainText(HEALTHY);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: HEALTHY })).toBeFocused();
  });

  await test.step('and sign out', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await expect(page.getByRole('heading', { level: 1, name: 'Apps' })).toBeFocused();
    await page.keyboard.press('Shift+Tab');
    await expect(page.getByRole('button', { name: /^Menu/ })).toBeFocused();
    await page.keyboard.press('Enter');
    await tabTo(page, 'Sign out');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/\/sign-in$/);
  });
});

test('the rows of the list, one after the other, to the app and back to the list', async ({ page }) => {
  await page.goto('/sign-in');
  await tabTo(page, 'Sign in');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/apps$/);
  await live(page);
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  const { name } = await focused(page);
  await page.keyboard.press('Enter');
  const heading = page.getByRole('heading', { level: 1, name, exact: true });
  await expect(heading).toBeFocused();
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1, name: 'Apps' })).toBeFocused();
});

test('an instance of an app, its neighbors, and a release of the app', async ({ page }) => {
  await page.goto('/sign-in');
  await tabTo(page, 'Sign in');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/apps$/);
  await live(page);
  const heading = (name: string) => page.getByRole('heading', { level: 1, name, exact: true });

  await test.step('open the app, and the first of its instances', async () => {
    await tabTo(page, HEALTHY);
    await page.keyboard.press('Enter');
    await expect(heading(HEALTHY)).toBeFocused();
    await page.keyboard.press('j');
    expect((await focused(page)).name).toBe(MACHINES[0]);
    await page.keyboard.press('Enter');
    await expect(heading(MACHINES[0]!)).toBeFocused();
  });

  await test.step('walk to the last of them, and back', async () => {
    for (const id of MACHINES.slice(1)) {
      await page.keyboard.press(']');
      await expect(heading(id)).toBeFocused();
    }
    await page.keyboard.press(']');
    await page.keyboard.press('[');
    await expect(heading(MACHINES[4]!)).toBeFocused();
  });

  await test.step('go to a part of the page', async () => {
    await tabTo(page, 'Configuration');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'Configuration' })).toBeInViewport();
    await expect(page).toHaveURL(/#config$/);
  });

  await test.step('go on to a release by the palette', async () => {
    await page.keyboard.press('ControlOrMeta+k');
    await page.keyboard.type('v41');
    await expect(page.getByRole('option', { selected: true })).toContainText('v41');
    await page.keyboard.press('Enter');
    await expect(heading('v41')).toBeFocused();
    await page.keyboard.press('[');
    await expect(heading('v40')).toBeFocused();
  });
});
