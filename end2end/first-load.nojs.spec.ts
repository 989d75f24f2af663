// JavaScript switched off: every page reads, and signing in and out works.
import { expect, gotoLive, signIn, test } from './fixtures.ts';
import { readPage } from './support/page-state.ts';
import { sendToken, signOut, tokenField, UNKNOWN_TOKEN } from './support/sign-in.ts';
import { CHECK_FAILED_STEP, FAILING, FAILING_PAGE, HEALTHY, HEALTHY_PAGE, LAST_STEP } from './support/story.ts';

for (const moment of [0, CHECK_FAILED_STEP + 1, LAST_STEP]) {
  test(`at step ${moment} the page without scripts says what the hydrated one says`, async ({
    page,
    windsock,
    anotherWindow,
  }) => {
    await windsock.jump(moment);
    await signIn(page);
    await page.goto(FAILING_PAGE);
    const plain = await readPage(page);
    expect(plain['name']).toBe(FAILING);
    const hydrated = await anotherWindow('scripts');
    await gotoLive(hydrated, FAILING_PAGE);
    expect(await readPage(hydrated)).toEqual(plain);
  });
}

test('the healthy app reads the same without scripts', async ({ page, anotherWindow }) => {
  await signIn(page);
  await page.goto(HEALTHY_PAGE);
  const plain = await readPage(page);
  const hydrated = await anotherWindow('scripts');
  await gotoLive(hydrated, HEALTHY_PAGE);
  expect(await readPage(hydrated)).toEqual(plain);
  await expect(page.getByRole('region', { name: 'Diagnosis' })).toHaveCount(0);
});

test('the page says as of when it is, because it does not follow', async ({ page }) => {
  await signIn(page);
  await page.goto(FAILING_PAGE);
  await expect(page.getByText(/^As of \d\d:\d\d:\d\d UTC$/)).toBeVisible();
  await expect(page.getByRole('status', { name: 'Connection' })).toContainText('Static page');
});

test('nothing that needs scripts can be seen or reached', async ({ page, windsock }) => {
  await windsock.jump(LAST_STEP);
  await signIn(page);
  await page.goto(FAILING_PAGE);
  await expect(page.getByRole('button', { name: /^Copy/ })).toHaveCount(0);
  await expect(page.getByRole('button', { name: /^Theme/ })).toHaveCount(0);
});

test('the list names the apps worst first, and leads to each', async ({ page }) => {
  await signIn(page);
  const names = page.getByRole('table', { name: 'Apps' }).locator('[data-cell="name"]');
  await expect(names.first()).toHaveText(FAILING);
  await expect(names).toContainText([HEALTHY]);
  await page.getByRole('link', { name: HEALTHY }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(HEALTHY);
});

test('the search sends itself to the address and narrows the list', async ({ page }) => {
  await signIn(page);
  await page.getByLabel('Search').fill('tide');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page).toHaveURL(/[?&]q=tide(&|$)/);
  await expect(page.locator('[data-app]')).toHaveCount(1);
  await expect(page.getByLabel('Search')).toHaveValue('tide');
  await page.getByRole('link', { name: 'Clear search and filters' }).click();
  await expect(page.locator('[data-app]')).not.toHaveCount(1);
});

test('the filters and the order send themselves to the address', async ({ page }) => {
  await signIn(page);
  await page.getByLabel('Organization').selectOption('north-pier');
  await page.getByLabel('Order').selectOption({ label: 'Name' });
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.locator('[data-app]')).toHaveCount(1);
  await expect(page.locator('[data-app]')).toContainText('North Pier');
  await expect(page.getByLabel('Organization').locator(':checked')).toHaveText('North Pier (1)');
  await expect(page.getByLabel('Order').locator(':checked')).toHaveText('Name');
});

test('a search that finds nothing says so and leads back', async ({ page }) => {
  await signIn(page);
  await page.goto('/apps?q=nowhere');
  await expect(page.getByText('No app matches "nowhere".')).toBeVisible();
  await page.getByRole('link', { name: 'Show all apps' }).click();
  await expect(page).toHaveURL(/\/apps$/);
});

test('an app opens by its name', async ({ page }) => {
  await signIn(page);
  await page.getByLabel('Open an app by name').fill(HEALTHY);
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/apps/${HEALTHY}$`));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(HEALTHY);
});

test('where one wanted to go is kept over signing in', async ({ page }) => {
  await page.goto(`${FAILING_PAGE}?destroyed=show`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in');
  await sendToken(page);
  await expect(page).toHaveURL(new RegExp(`${FAILING_PAGE}\\?destroyed=show$`));
});

test('signing out leads to the sign-in page and closes every page', async ({ page }) => {
  await signIn(page);
  await signOut(page);
  await page.goto(FAILING_PAGE);
  await expect(page).toHaveURL(/\/sign-in\?next=/);
});

test.describe('refused', () => {
  test.use({ expectedErrors: /status of 4(01|04|22)/ });

  test('a token that Fly does not know is refused, with what Fly said and its request id', async ({ page }) => {
    await page.goto(`/sign-in?next=${encodeURIComponent(FAILING_PAGE)}`);
    await sendToken(page, UNKNOWN_TOKEN);
    const refusal = page.getByRole('alert');
    await expect(refusal).toContainText('Fly refused the token');
    await expect(refusal).toContainText(/Fly's request id: \S+/);
    await expect(tokenField(page)).toHaveAccessibleDescription(/Fly refused the token/);
    await expect(tokenField(page)).not.toHaveValue(UNKNOWN_TOKEN);
    await test.step('and where one wanted to go is still kept', async () => {
      await sendToken(page);
      await expect(page).toHaveURL(new RegExp(`${FAILING_PAGE}$`));
    });
  });

  test('a text that cannot be a token is refused with what is allowed', async ({ page }) => {
    await page.goto('/sign-in');
    await sendToken(page, 'two words');
    await expect(page.getByRole('alert')).toContainText('allowed');
  });

  test('an app that does not exist is told with what to do', async ({ page }) => {
    await signIn(page);
    const response = await page.goto('/apps/no-such-app');
    expect(response?.status()).toBe(404);
    await expect(page.getByRole('alert')).toContainText('There is no app named "no-such-app"');
    await expect(page.getByRole('link', { name: 'All apps your token can see' })).toBeVisible();
  });

  test('an address that is no page is told with a way back', async ({ page }) => {
    await signIn(page);
    const response = await page.goto('/nowhere');
    expect(response?.status()).toBe(404);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('There is no such page');
  });
});

test('the palette is a page: what it finds are links', async ({ page, windsock }) => {
  await windsock.jump(LAST_STEP);
  await signIn(page);
  await page.goto(FAILING_PAGE);
  await page.getByRole('link', { name: 'Find', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Find');
  await expect(page.getByRole('heading', { name: `Instances of ${FAILING}` })).toBeVisible();
  await page.getByLabel('An app or an instance').fill('tide');
  await page.getByRole('button', { name: 'Find' }).click();
  await page.getByRole('link', { name: HEALTHY }).click();
  await expect(page).toHaveURL(new RegExp(`${HEALTHY_PAGE}$`));
});
