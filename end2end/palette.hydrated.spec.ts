// The command palette: everything by its name, without a mouse.
import { type Page } from '@playwright/test';
import { expect, gotoLive, signIn, test } from './fixtures.ts';
import { expectNothingFound } from './support/axe.ts';
import { openMenu } from './support/sign-in.ts';
import { CHECK_FAILED_STEP, FAILING, FAILING_PAGE, HEALTHY, INSTANCE, LAST_STEP } from './support/story.ts';

const palette = (page: Page) => page.getByRole('dialog', { name: 'Find' });
const field = (page: Page) => page.getByRole('combobox', { name: 'Find an app, an instance or an action' });
const chosen = (page: Page) => palette(page).getByRole('option', { selected: true });

async function open(page: Page, path: string): Promise<void> {
  await signIn(page);
  await gotoLive(page, path);
  await page.keyboard.press('ControlOrMeta+k');
  await expect(field(page)).toBeFocused();
  await expect(chosen(page)).toHaveCount(1);
}

test('an app opens by a few letters of its name, and its heading takes the focus', async ({ page }) => {
  await open(page, '/apps');
  await page.keyboard.type('tide api');
  await expect(chosen(page)).toContainText(HEALTHY);
  await page.keyboard.press('Enter');
  await expect(palette(page)).toBeHidden();
  await expect(page.getByRole('heading', { level: 1, name: HEALTHY })).toBeFocused();
  await expect(page).toHaveTitle(`${HEALTHY} · Windsock`);
});

test('who types faster than the server answers gets what they typed', async ({ page }) => {
  await open(page, '/apps');
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/palette?*', async (route) => {
    await held;
    await route.continue();
  });
  await page.keyboard.type(HEALTHY);
  await page.keyboard.press('Enter');
  release();
  await expect(page.getByRole('heading', { level: 1, name: HEALTHY })).toBeFocused();
});

test('the arrow keys walk through the options and begin again at the end', async ({ page }) => {
  await open(page, FAILING_PAGE);
  const options = palette(page).getByRole('option');
  const count = await options.count();
  expect(count).toBeGreaterThan(6);
  await expect(options.first()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ArrowDown');
  await expect(options.nth(1)).toHaveAttribute('aria-selected', 'true');
  await expect(field(page)).toHaveAttribute('aria-activedescendant', (await options.nth(1).getAttribute('id')) ?? '');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await expect(options.last()).toHaveAttribute('aria-selected', 'true');
  await expect(options.last()).toBeInViewport();
  await page.keyboard.press('ArrowDown');
  await expect(options.first()).toHaveAttribute('aria-selected', 'true');
  await expect(field(page)).toBeFocused();
});

test('Escape closes it, and the focus is where it was', async ({ page }) => {
  await signIn(page);
  await gotoLive(page, '/apps');
  const link = page.getByRole('link', { name: HEALTHY });
  await link.focus();
  await page.keyboard.press('ControlOrMeta+k');
  await expect(field(page)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(palette(page)).toBeHidden();
  await expect(link).toBeFocused();
});

test('the instances of the app one is at are there', async ({ page, windsock }) => {
  await windsock.jump(LAST_STEP);
  await open(page, FAILING_PAGE);
  const group = palette(page).getByRole('group', { name: `Instances of ${FAILING}` });
  await expect(group.getByRole('option')).toContainText([INSTANCE]);
  await page.keyboard.type(INSTANCE.slice(0, 4));
  await expect(chosen(page)).toContainText(INSTANCE);
});

test('a theme is chosen by its name, and the button in the menu knows', async ({ page }) => {
  await open(page, '/apps');
  await page.keyboard.type('dark');
  await expect(chosen(page)).toContainText('Theme: dark');
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await openMenu(page);
  await expect(page.getByRole('button', { name: /^Theme/ })).toHaveText('Theme: dark');
});

for (const path of ['/apps', '/palette', '/design']) {
  test(`the chosen theme is there before anything of ${path} is shown`, async ({ page }) => {
    await signIn(page);
    await page.evaluate(() => localStorage.setItem('windsock-theme', 'dark'));
    // No script of a file says anything: what sets the theme is in the document.
    await page.route('**/pkg/{keys,palette}-*.js', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
    await page.route('**/pkg/windsock-*.js', (route) =>
      route.fulfill({ contentType: 'text/javascript', body: 'export default async()=>{};export const hydrate=()=>{}' }),
    );
    await page.addInitScript(() => {
      const seen = window as Window & { themeAtBody?: string | undefined };
      new MutationObserver((_, observer) => {
        if (!document.body) return;
        seen.themeAtBody = document.documentElement.dataset['theme'];
        observer.disconnect();
      }).observe(document, { childList: true, subtree: true });
    });
    await page.goto(path);
    expect(await page.evaluate(() => (window as Window & { themeAtBody?: string }).themeAtBody)).toBe('dark');
  });
}

test('the link to the page is copied, and a message says so', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, '/apps?q=tide');
  await page.keyboard.type('copy link');
  await expect(chosen(page)).toContainText('Copy the link to this page');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status', { name: 'Message' })).toHaveText('Copied the link');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/\/apps\?q=tide$/);
});

test('signing out is an action, and the help is one', async ({ page }) => {
  await open(page, '/apps');
  await page.keyboard.type('shortcuts');
  await expect(chosen(page)).toContainText('Keyboard shortcuts');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('sign out');
  await expect(chosen(page)).toContainText('Sign out');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/sign-in$/);
});

test('the mouse opens it by its button and chooses by a click', async ({ page }) => {
  await signIn(page);
  await gotoLive(page, '/apps');
  await page.getByRole('link', { name: 'Find', exact: true }).click();
  await expect(field(page)).toBeFocused();
  await palette(page).getByRole('option', { name: HEALTHY }).click();
  await expect(page.getByRole('heading', { level: 1, name: HEALTHY })).toBeFocused();
});

test('what is found is counted aloud, and nothing is told as nothing', async ({ page }) => {
  await open(page, '/apps');
  const said = page.getByRole('status', { name: 'Number of results' });
  await expect(said).toHaveText(/^\d+ results$/);
  await page.keyboard.type('nowhere');
  await expect(said).toHaveText('Nothing matches "nowhere".');
  await expect(palette(page).getByRole('option')).toHaveCount(0);
  await page.keyboard.press('Enter');
  await expect(palette(page)).toBeVisible();
});

test('an open palette stays as it is while the page below changes', async ({ page, windsock }) => {
  await windsock.jump(CHECK_FAILED_STEP + 1);
  await open(page, FAILING_PAGE);
  // With what is not typed the theme is among the options; with "crimson" it is not.
  await page.keyboard.type('crimson');
  await expect(palette(page).getByRole('option', { name: /Theme/ })).toHaveCount(0);
  await page.keyboard.press('ArrowDown');
  const before = await chosen(page).textContent();
  const restarts = page.locator(`[data-instance="${INSTANCE}"] [data-cell="restarts"]`);
  for (let step = 0; step < 5; step++) await windsock.step();
  await windsock.poll();
  await expect(restarts).not.toHaveText('0');
  await expect(field(page)).toBeFocused();
  await expect(field(page)).toHaveValue('crimson');
  await expect(chosen(page)).toHaveText(before ?? '');
});

test('axe finds nothing in the palette, with results and without', async ({ page }) => {
  await open(page, FAILING_PAGE);
  await expectNothingFound(page);
  await page.keyboard.type('nowhere');
  await expect(palette(page).getByRole('option')).toHaveCount(0);
  await expectNothingFound(page);
});

test.describe('without an answer', () => {
  test.use({ expectedErrors: /Failed to load resource|status of 401/ });

  test('a console that cannot be reached is told', async ({ page }) => {
    await signIn(page);
    await gotoLive(page, '/apps');
    await page.route('**/palette?*', (route) => route.abort());
    await page.keyboard.press('ControlOrMeta+k');
    await expect(palette(page)).toContainText('Windsock could not be reached.');
  });

  test('the page of a proxy on the way is no result', async ({ page }) => {
    await signIn(page);
    await gotoLive(page, '/apps');
    await page.route('**/palette?*', (route) => route.fulfill({ body: '<h1>Log in to the network</h1>' }));
    await page.keyboard.press('ControlOrMeta+k');
    await expect(palette(page)).toContainText('Windsock could not be reached.');
    await expect(palette(page)).not.toContainText('Log in');
  });

  test('whose session is over sees nothing but the way to sign in', async ({ page, context }) => {
    await signIn(page);
    await gotoLive(page, '/apps');
    await context.clearCookies();
    await page.keyboard.press('ControlOrMeta+k');
    await expect(palette(page)).toContainText('You are signed out.');
    await expect(palette(page).getByRole('option')).toHaveCount(0);
  });
});
