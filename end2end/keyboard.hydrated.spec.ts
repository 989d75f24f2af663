// Everything can be done with the keyboard, and one always sees where one is.
import { expect, gotoLive, signIn, test } from './fixtures.ts';
import { focused, tabThrough } from './support/focus.ts';
import { FAILING, FAILING_PAGE, HEALTHY, INSTANCE, LAST_STEP } from './support/story.ts';

test('the first stop of the Tab key skips to the content', async ({ page }) => {
  await signIn(page);
  await gotoLive(page, FAILING_PAGE);
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Skip to the content' });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
  await page.keyboard.press('Tab');
  expect((await focused(page)).name, 'the first of the tabs beside the heading').toBe('Status');
});

test('the Tab key goes from the top to the copy buttons, and each stop is outlined', async ({ page, windsock }) => {
  await windsock.jump(LAST_STEP);
  await signIn(page);
  await gotoLive(page, FAILING_PAGE);
  const stops = await tabThrough(page, 40);
  const names = stops.map((stop) => stop.name);
  const order = ['Skip to the content', 'Windsock', 'Apps', FAILING, 'Find', 'Menu, Mara Lindqvist'];
  expect(names.slice(0, order.length)).toEqual(order);
  const command = names.indexOf('Copy the command');
  const id = names.indexOf(`Copy the id ${INSTANCE}`);
  expect(command, 'the command of the finding has a copy button').toBeGreaterThan(order.length);
  expect(id, 'the instance comes after the finding').toBeGreaterThan(command);
  for (const stop of stops) expect(stop, `at "${stop.name}"`).toMatchObject({ outlined: true, inWindow: true });
});

test('every stop of the list and of the sign-in page is outlined', async ({ page }) => {
  await gotoLive(page, '/sign-in');
  const signInStops = await tabThrough(page, 40);
  expect(signInStops.map((stop) => stop.name)).toContain('Fly token');
  await signIn(page);
  await gotoLive(page, '/apps');
  const stops = await tabThrough(page, 60);
  expect(stops.map((stop) => stop.name)).toEqual(expect.arrayContaining(['Search', 'Organization', FAILING, HEALTHY]));
  for (const stop of [...signInStops, ...stops]) {
    expect(stop, `at "${stop.name}"`).toMatchObject({ outlined: true, inWindow: true });
  }
});

test('a copy button copies, and says so', async ({ page, context, windsock }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await windsock.jump(LAST_STEP);
  await signIn(page);
  await gotoLive(page, FAILING_PAGE);
  const copy = page.getByRole('button', { name: 'Copy the command' });
  await copy.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Copied the command' })).toBeFocused();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`fly deploy -a ${FAILING} -e PORT=4000`);
});

test('/ goes to the search, where it is a letter like any other', async ({ page }) => {
  await signIn(page);
  await gotoLive(page, '/apps');
  const search = page.getByLabel('Search');
  await page.keyboard.press('/');
  await expect(search).toBeFocused();
  await expect(search).toHaveValue('');
  await page.keyboard.type('tide/ga');
  await expect(search).toHaveValue('tide/ga');
  await expect(page).toHaveURL(/\/apps\?q=tide/);
});

test('typing into the search narrows the list with each letter', async ({ page }) => {
  await signIn(page);
  await gotoLive(page, '/apps');
  await page.keyboard.press('/');
  await page.keyboard.type('tide');
  await expect(page.locator('[data-app]')).toHaveCount(1);
  await expect(page.getByText('1 of 6 apps.')).toBeVisible();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('Delete');
  await expect(page.locator('[data-app]')).toHaveCount(6);
});

test('g and then a goes to the list, and the focus lands on its heading', async ({ page }) => {
  await signIn(page);
  await gotoLive(page, FAILING_PAGE);
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await expect(page).toHaveURL(/\/apps$/);
  const heading = page.getByRole('heading', { level: 1, name: 'Apps' });
  await expect(heading).toBeFocused();
  await expect(page).toHaveTitle('Apps · Windsock');
});

test('following a link with Enter puts the focus on the heading of the next page', async ({ page }) => {
  await signIn(page);
  await gotoLive(page, '/apps');
  await page.getByRole('link', { name: HEALTHY }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: HEALTHY })).toBeFocused();
  expect(await focused(page)).toMatchObject({ name: HEALTHY, outlined: true, inWindow: true });
  await expect(page).toHaveTitle(`${HEALTHY} · Windsock`);
});

test('following a link with the mouse draws no ring around the heading that takes the focus', async ({ page }) => {
  await signIn(page);
  await gotoLive(page, '/apps');
  await page.getByRole('link', { name: HEALTHY }).click();
  await expect(page.getByRole('heading', { level: 1, name: HEALTHY })).toBeFocused();
  expect(await focused(page)).toMatchObject({ name: HEALTHY, outlined: false });
});

test('keys with Ctrl, Alt or Meta are left to the browser', async ({ page }) => {
  await signIn(page);
  await gotoLive(page, FAILING_PAGE);
  await page.keyboard.press('g');
  await page.keyboard.press('Alt+a');
  await expect(page).toHaveURL(new RegExp(`${FAILING_PAGE}$`));
});

test('an age shows its exact time when the focus is on it', async ({ page, windsock }) => {
  await windsock.jump(LAST_STEP);
  await signIn(page);
  await gotoLive(page, FAILING_PAGE);
  const age = page.locator(`[data-instance="${INSTANCE}"] [data-cell="created"] time`);
  await page.getByRole('button', { name: `Copy the id ${INSTANCE}` }).focus();
  await page.keyboard.press('Tab');
  await expect(age).toBeFocused();
  const shown = await age.evaluate((element) => getComputedStyle(element, '::after').content);
  expect(shown).toBe('"2021-09-22 20:21:38 UTC"');
});

test('the theme button goes from the system to light and dark, and remembers', async ({ page }) => {
  await signIn(page);
  await gotoLive(page, '/apps');
  const theme = page.getByRole('button', { name: /^Theme/, includeHidden: true });
  await page.getByRole('button', { name: /^Menu/ }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(theme).toBeFocused();
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await page.keyboard.press('Enter');
  await expect(theme).toHaveText('Theme: light');
  await page.keyboard.press('Enter');
  await expect(theme).toHaveText('Theme: dark');
  expect(await ground()).not.toBe(light);
  await gotoLive(page, '/apps');
  await expect(theme).toHaveText('Theme: dark');
  expect(await ground()).not.toBe(light);
});
