// The token goes to the server once, in the body of the sign-in, and comes back nowhere.
import type { Request } from '@playwright/test';
import { expect, gotoLive, signIn, test } from './fixtures.ts';
import { signOut } from './support/sign-in.ts';
import { FAILING_PAGE, HEALTHY, LAST_STEP } from './support/story.ts';

/** Every place of a request and of its answer in which the token stands. */
async function leaks(request: Request, token: string): Promise<string[]> {
  const places: [string, string][] = [
    ['address', decodeURIComponent(request.url())],
    ['request headers', JSON.stringify(await request.allHeaders())],
    ['request body', decodeURIComponent(request.postData() ?? '')],
  ];
  const response = await request.response();
  if (response) {
    places.push(['response headers', JSON.stringify(await response.allHeaders())]);
    const streams = (response.headers()['content-type'] ?? '').startsWith('text/event-stream');
    const redirects = response.status() >= 300 && response.status() < 400;
    if (!streams && !redirects) places.push(['response body', (await response.body()).toString('latin1')]);
  }
  const path = new URL(request.url()).pathname;
  return places.filter(([, text]) => text.includes(token)).map(([place]) => `${request.method()} ${path}: ${place}`);
}

test('no address, header, body, page or storage of a session holds the token', async ({ page, windsock }) => {
  const requests: Promise<string[]>[] = [];
  const underWay = new Set<Request>();
  page.on('request', (request) => underWay.add(request));
  page.on('requestfailed', (request) => underWay.delete(request));
  page.on('requestfinished', (request) => {
    underWay.delete(request);
    requests.push(leaks(request, windsock.token));
  });
  // The browser forgets a body when its page is left: each is read before that. The event stream
  // has no end.
  const everythingRead = async () => {
    const finite = () => [...underWay].filter((request) => new URL(request.url()).pathname !== '/events').length;
    await expect.poll(finite).toBe(0);
    await Promise.all(requests);
  };

  await gotoLive(page, '/sign-in');
  await everythingRead();
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/apps$/);
  await page.locator('html[data-hydrated]').waitFor({ state: 'attached' });
  await page.getByRole('link', { name: HEALTHY }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(HEALTHY);
  await everythingRead();
  await gotoLive(page, FAILING_PAGE);
  await windsock.jump(LAST_STEP);
  await windsock.poll();
  await expect(page.getByRole('region', { name: 'Diagnosis' })).toContainText('Why v14 failed');
  expect(await page.content()).not.toContain(windsock.token);
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
  expect(kept).not.toContain(windsock.token);
  const cookies = JSON.stringify(await page.context().cookies());
  expect(cookies).not.toContain(windsock.token);
  await everythingRead();
  await signOut(page);
  await everythingRead();

  const found = (await Promise.all(requests)).flat();
  // The demo's sign-in page fills its made-up token in, and its form sends it.
  const allowed = ['GET /sign-in: response body', 'POST /sign-in: request body'];
  expect(found.filter((place) => !allowed.includes(place))).toEqual([]);
  expect(found, 'the test would see a token').toEqual(expect.arrayContaining(allowed));
});

test('the log of the server does not hold the token', async ({ page, windsock }) => {
  await signIn(page);
  await gotoLive(page, FAILING_PAGE);
  await windsock.control('POST', '/_story/revoke', { token_name: 'demo' });
  await windsock.poll();
  await expect(page.getByRole('status', { name: 'Connection' })).toContainText('Signed out');
  await windsock.stop();
  expect(windsock.log).not.toContain(windsock.token);
});

test.describe('a refused token', () => {
  test.use({ expectedErrors: /status of 401/ });

  test('is not repeated by the page that refuses it', async ({ page }) => {
    const token = 'fo1_a_secret_that_must_not_come_back';
    await page.goto('/sign-in');
    await page.getByLabel('Fly token').fill(token);
    const answer = page.waitForResponse((response) => response.request().method() === 'POST');
    await page.getByRole('button', { name: 'Sign in' }).click();
    const response = await answer;
    expect(response.status()).toBe(401);
    expect(await response.text()).not.toContain(token);
    expect(page.url()).not.toContain(token);
  });
});
