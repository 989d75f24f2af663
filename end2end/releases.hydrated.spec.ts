// The releases of an app, and one of them, as they are used and as they change.
import { expect, gotoLive, signIn, test } from './fixtures.ts';
import { addFaults, clearFaults } from './support/faults.ts';
import { FAILING, FAILING_PAGE, LAST_STEP } from './support/story.ts';

const LIST = `${FAILING_PAGE}/releases`;
const SHOWN_WITHIN = 1_000;

test('the timeline leads to a release and to all of them, and each of these back', async ({ page, windsock }) => {
  await windsock.jump(LAST_STEP);
  await signIn(page);
  await gotoLive(page, FAILING_PAGE);
  const timeline = page.getByRole('region', { name: 'Timeline' });
  await timeline.getByRole('link', { name: 'v14' }).click();
  await expect(page).toHaveURL(`${LIST}/14`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('v14');
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await expect(page).toHaveTitle(`v14 · ${FAILING} · Windsock`);
  await page.getByRole('navigation', { name: 'Other releases' }).getByRole('link', { name: 'All releases' }).click();
  await expect(page.getByRole('table', { name: 'Releases' }).getByRole('row')).toHaveCount(15);
  await page.getByRole('navigation', { name: 'Breadcrumbs' }).getByRole('link', { name: FAILING }).click();
  await expect(page).toHaveURL(FAILING_PAGE);
  await timeline.getByRole('link', { name: 'All releases' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Releases');
  await page.getByRole('link', { name: 'v12' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('v12');
});

test('what changed with a release explains its failure', async ({ page, windsock }) => {
  await windsock.jump(LAST_STEP);
  await signIn(page);
  await gotoLive(page, `${LIST}/14`);
  const changes = page.getByRole('region', { name: 'What changed against v13' }).getByRole('row');
  await expect(changes.filter({ hasText: 'env.PORT' })).toHaveText(/env\.PORT\s*not set\s*"8080"/);
  await expect(changes.filter({ hasText: 'internal_port' })).toHaveText(/services\[0\]\.internal_port\s*8080\s*4000/);
  await expect(page.getByRole('region', { name: 'Why v14 failed' })).toContainText('Fly keeps no reason for it');
  await page.getByRole('link', { name: 'What Windsock found out about it' }).click();
  await expect(page.getByRole('region', { name: 'Diagnosis' })).toBeVisible();
});

test('a release has the reason that its deployer wrote down, and its neighbours one key away', async ({ page }) => {
  await signIn(page);
  await gotoLive(page, '/apps/tidewater-api/releases/39');
  await expect(page.getByRole('region', { name: 'Why v39 failed' })).toContainText('timeout reached waiting for health checks');
  const heading = page.getByRole('heading', { level: 1 });
  await page.keyboard.press(']');
  await expect(heading).toHaveText('v40');
  await page.keyboard.press(']');
  await expect(heading).toHaveText('v41');
  await expect(page.getByText('SESSION_KEY')).toBeVisible();
  await page.keyboard.press('[');
  await expect(heading).toHaveText('v40');
  await page.goBack();
  await expect(heading).toHaveText('v41');
});

test('the command that goes back to a release is copied as a whole', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await signIn(page);
  await gotoLive(page, '/apps/tidewater-api/releases/41');
  const back = page.getByRole('region', { name: 'Go back to v41' });
  await back.getByRole('button').click();
  await expect(back.getByRole('button')).toContainText('Copied');
  const command = 'fly deploy -a tidewater-api --image registry.fly.io/tidewater-api:deployment-01FG0410HKV6TDT7DX0G50';
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(command);
});

test('a secret value of a configuration is nowhere in what the browser gets', async ({ page }) => {
  await signIn(page);
  const answers: string[] = [];
  page.on('response', (response) => void response.text().then((text) => answers.push(text), () => undefined));
  await gotoLive(page, '/apps/tidewater-api/releases/42');
  await expect(page.getByRole('row', { name: /env\.API_TOKEN/ })).toContainText('[masked]');
  expect(await page.content()).not.toContain('not-a-token');
  expect(answers.join('')).not.toContain('not-a-token');
});

test.describe('an app with many releases', () => {
  test.use({ story: 'many-releases', expectedErrors: /status of 4\d\d/ });
  const MANY = '/apps/ferry-log/releases';

  test('older releases have addresses of their own, and the newest come live', async ({ page, windsock }) => {
    await signIn(page);
    await gotoLive(page, MANY);
    const rows = page.locator('[data-release]');
    await expect(rows).toHaveCount(25);
    await expect(rows.first()).toHaveAttribute('data-release', '200');
    await windsock.jump(1);
    await windsock.poll();
    await expect(rows.first()).toHaveAttribute('data-release', '201', { timeout: SHOWN_WITHIN });
    await expect(rows.first()).toContainText('Pending');
    await page.getByRole('link', { name: 'Older releases' }).click();
    await expect(rows.first()).toHaveAttribute('data-release', '176');
    await page.getByRole('link', { name: 'Older releases' }).click();
    await expect(rows.last()).toHaveAttribute('data-release', '141');
    await expect(page.getByRole('link', { name: 'Older releases' })).toHaveCount(0);
    const address = page.url();
    await page.getByRole('link', { name: 'Newest releases' }).click();
    await expect(rows.first()).toHaveAttribute('data-release', '201');
    await gotoLive(page, address);
    await expect(rows.last()).toHaveAttribute('data-release', '141');
  });

  test('a release that is to come fills its page when it does, and tells how its deployment ends', async ({ page, windsock }) => {
    await signIn(page);
    await gotoLive(page, `${MANY}/201`);
    await expect(page.getByText('ferry-log has no v201 yet: its newest release is v200.')).toBeVisible();
    await windsock.jump(2);
    await windsock.poll();
    const status = page.locator('[data-part="status"]');
    await expect(status).toHaveText('Running', { timeout: SHOWN_WITHIN });
    await expect(page.getByText('not over yet')).toBeVisible();
    const made = page.getByRole('region', { name: 'Release' }).locator('time');
    await made.focus();
    await windsock.jump(3);
    await windsock.poll();
    await expect(status).toHaveText('Complete', { timeout: SHOWN_WITHIN });
    await expect(page.getByText('v201 is the newest release: there is nothing to go back from.')).toBeVisible();
  });

  test('a release that Fly has forgotten is said to be that, and the first it knows has nothing before it', async ({ page }) => {
    await signIn(page);
    await gotoLive(page, `${MANY}/140`);
    await expect(page.getByText('Fly does not tell of v140 of ferry-log any more. Its newest release is v200.')).toBeVisible();
    await gotoLive(page, `${MANY}/141`);
    await expect(page.getByText('Fly does not tell of v140 any more, so there is nothing to compare with.')).toBeVisible();
    await expect(page.locator('a[rel=prev]')).toHaveCount(0);
    await gotoLive(page, `${MANY}/latest`);
    await expect(page.getByRole('alert')).toContainText('allowed are numbers from 1 on');
  });
});

test.describe('while Fly is in trouble', () => {
  test.use({ expectedErrors: /status of 502/ });

  test('without GraphQL both pages tell what the web API knows, and say what is not known', async ({ page, windsock }) => {
    await signIn(page);
    await addFaults(windsock, 'graphql-503');
    await gotoLive(page, '/apps/tidewater-api/releases/42');
    await expect(page.locator('[data-part="source"]')).toContainText('Could not be loaded: descriptions of releases, configuration');
    await expect(page.getByText('The configuration is not loaded.')).toBeVisible();
    await expect(page.getByRole('row', { name: /image/ })).toBeVisible();
    await gotoLive(page, '/apps/tidewater-api/releases');
    await expect(page.locator('[data-release]')).toHaveCount(7);
    await expect(page.locator('[data-part="source"]')).toContainText('descriptions of releases');
  });

  test('row 22: what changed is said to be not loaded, comes by itself when Fly tells it, and where nothing changed that is said', async ({
    page,
    windsock,
  }) => {
    await signIn(page);
    await addFaults(windsock, 'graphql-503');
    await gotoLive(page, '/apps/tidewater-api/releases/42');
    const changes = page.getByRole('region', { name: 'What changed against v41' });
    await expect(changes).toContainText('The configuration is not loaded.');
    await expect(changes).not.toContainText('The configuration is the same.');
    await clearFaults(windsock);
    await windsock.poll();
    await expect(changes.getByRole('row', { name: /env\.LOG_LEVEL/ })).toBeVisible();
    await expect(changes).not.toContainText('not loaded');

    await gotoLive(page, '/apps/tidewater-api/releases/38');
    const same = page.getByRole('region', { name: 'What changed against v37' });
    await expect(same).toContainText('The configuration is the same.');
    await expect(same.getByRole('row', { name: /image/ })).toBeVisible();
  });

  test('a page that could not be loaded fills itself when Fly answers', async ({ page, windsock }) => {
    await signIn(page);
    await windsock.outage('all', 'status-503');
    await gotoLive(page, '/apps/tidewater-api/releases/42');
    await expect(page.getByRole('alert')).toBeVisible();
    await windsock.outage('all', 'off');
    await windsock.poll();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('v42');
    await expect(page.getByRole('region', { name: 'What changed against v41' })).toBeVisible();
  });

  test('what was known stays while a part does not come', async ({ page, windsock }) => {
    await signIn(page);
    await gotoLive(page, '/apps/tidewater-api/releases/42');
    await expect(page.getByRole('status', { name: 'Connection' })).toContainText('Live');
    await addFaults(windsock, 'graphql-503');
    await windsock.poll();
    await expect(page.locator('[data-part="source"]')).toBeVisible();
    await expect(page.getByRole('row', { name: /env\.LOG_LEVEL/ })).toBeVisible();
  });
});
