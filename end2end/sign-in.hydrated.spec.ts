// Signing in and out in a browser with scripts.
import { expect, gotoLive, signIn, test } from './fixtures.ts';
import { APP_TOKEN, sendToken, signOut, tokenField, UNKNOWN_TOKEN } from './support/sign-in.ts';
import { FAILING, FAILING_PAGE, HEALTHY } from './support/story.ts';

test('the demo fills its token in and says that no account is involved', async ({ page, windsock }) => {
  await gotoLive(page, '/sign-in');
  await expect(tokenField(page)).toHaveValue(windsock.token);
  await expect(tokenField(page)).toHaveAccessibleDescription(/no Fly account/);
});

test('whoever is signed in already is led on', async ({ page }) => {
  await signIn(page);
  await page.goto(`/sign-in?next=${encodeURIComponent(FAILING_PAGE)}`);
  await expect(page).toHaveURL(new RegExp(`${FAILING_PAGE}$`));
});

test('a page behind the sign-in is where one ends after it', async ({ page }) => {
  await page.goto('/apps?q=tide&sort=name');
  await sendToken(page);
  await expect(page).toHaveURL(/\/apps\?q=tide&sort=name$/);
  await expect(page.getByLabel('Search')).toHaveValue('tide');
});

test('another site is never where one ends', async ({ page, baseURL }) => {
  for (const next of ['//evil.example/', '/\\evil.example', 'https://evil.example/']) {
    // A page that is still open would ask for its stream without the cookie.
    await page.goto('about:blank');
    await page.context().clearCookies();
    await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
    await sendToken(page);
    await expect(page).toHaveURL(`${baseURL}/apps`);
  }
});

test('after signing out, going back shows no data', async ({ page }) => {
  await signIn(page);
  await gotoLive(page, FAILING_PAGE);
  await signOut(page);
  await page.goBack();
  await expect(page).toHaveURL(/\/sign-in(\?|$)/);
  await expect(page.getByText(FAILING, { exact: true })).toHaveCount(0);
});

test('the session cookie cannot be read by scripts and is not sent by other sites', async ({ page }) => {
  await signIn(page);
  const cookies = await page.context().cookies();
  expect(cookies).toHaveLength(1);
  expect(cookies[0]).toMatchObject({ httpOnly: true, path: '/' });
  expect(['Lax', 'Strict']).toContain(cookies[0]?.sameSite);
  expect(await page.evaluate(() => document.cookie)).toBe('');
});

test.describe('refused', () => {
  test.use({ expectedErrors: /status of 4(01|03|22)/ });

  test('a token that Fly does not know is refused, and the next one signs in', async ({ page, windsock }) => {
    await gotoLive(page, '/sign-in');
    await sendToken(page, UNKNOWN_TOKEN);
    const refusal = page.getByRole('alert');
    await expect(refusal).toContainText('Fly refused the token: it is not valid, has expired or was revoked.');
    await expect(refusal).toContainText(/Fly's request id: \S+/);
    await expect(tokenField(page)).toHaveAttribute('aria-invalid', 'true');
    await sendToken(page, windsock.token);
    await expect(page).toHaveURL(/\/apps$/);
  });

  test('a text with spaces in it is refused with what is allowed, and Fly is not asked', async ({ page, windsock }) => {
    await gotoLive(page, '/sign-in');
    const asked = await windsock.requests();
    await sendToken(page, 'two words');
    await expect(page.getByRole('alert')).toContainText('printable ASCII characters without spaces');
    expect(await windsock.requests()).toEqual(asked);
  });

  test('a token for one app cannot list apps, and the page says what it can do', async ({ page }) => {
    await page.goto('/sign-in');
    await sendToken(page, APP_TOKEN);
    await expect(page.getByRole('alert')).toContainText('open the app by its name');
    await page.getByLabel('Open an app by name').fill(HEALTHY);
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(HEALTHY);
  });
});
