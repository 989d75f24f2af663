// Every page in every state worth looking at, for what must hold of all of them. docs/developing.md tells
// how to reach each by hand.
import { expect, type Page } from '@playwright/test';
import { gotoLive, signIn } from '../fixtures.ts';
import type { Demo } from '../demo.ts';
import { addFaults } from './faults.ts';
import { ALLOCATION_PAGE, MACHINES, machinePage } from './instance.ts';
import { APP_TOKEN, openMenu, sendToken, UNKNOWN_TOKEN } from './sign-in.ts';
import { CHECK_FAILED_STEP, FAILING_PAGE, HEALTHY_PAGE, LAST_STEP } from './story.ts';
import { connectionOf, expectLive } from './tab.ts';
import { setStates, writeLines } from './tell.ts';

export interface Place {
  name: string;
  /** The story that is played; the demo's usual one without it. */
  story?: string;
  go: (page: Page, windsock: Demo) => Promise<void>;
}

/** What the browser itself complains of on the way: these pages are errors on purpose. */
export const EXPECTED_ON_THE_WAY = /status of (4\d\d|50[023])|ERR_FAILED/;

const MACHINE_PAGE = machinePage(MACHINES[0]!);
const RELEASES_PAGE = '/apps/tidewater-api/releases';
const RELEASE_PAGE = `${RELEASES_PAGE}/42`;

async function signedIn(page: Page, path: string): Promise<void> {
  await signIn(page);
  await gotoLive(page, path);
}

/** Signs in without a look at the list, of which nothing is known afterwards. */
async function signInAside(page: Page, { url, token }: Demo): Promise<void> {
  await page.request.post(`${url}/sign-in`, { form: { token }, headers: { origin: url }, maxRedirects: 0 });
}

/** The page while everything is well, with its stream. */
async function followed(page: Page, path: string): Promise<void> {
  await signedIn(page, path);
  await expectLive(page);
}

async function failing(page: Page, windsock: Demo, step: number): Promise<void> {
  await windsock.jump(step);
  await signedIn(page, FAILING_PAGE);
}

/** The page at the end of its story. */
async function atTheEnd(page: Page, windsock: Demo, path: string): Promise<void> {
  const { steps } = await windsock.jump(0);
  await windsock.jump(steps);
  await signedIn(page, path);
}

async function openPalette(page: Page): Promise<void> {
  await page.keyboard.press('ControlOrMeta+k');
  await expect(page.getByRole('dialog')).toBeVisible();
}

const LIST: Place[] = [
  { name: 'the list of apps', go: (page) => signedIn(page, '/apps') },
  { name: 'the list of apps, in which nothing was found', go: (page) => signedIn(page, '/apps?q=nowhere') },
  {
    name: 'the list of apps, in which nothing fits three filters',
    go: (page) => signedIn(page, '/apps?q=tide&organization=north-pier&health=unhealthy'),
  },
  { name: 'the list of apps, of which there are none', story: 'no-apps', go: (page) => signedIn(page, '/apps') },
  {
    name: 'the list of apps, of which parts were never loaded',
    go: async (page, windsock) => {
      for (const fault of ['region-missing', 'half-answers']) await addFaults(windsock, fault);
      await signedIn(page, '/apps');
    },
  },
  {
    name: 'the list of apps, of which parts are out of date',
    go: async (page, windsock) => {
      await followed(page, '/apps');
      await windsock.outage('machines', 'status-503');
      await windsock.poll();
      await expect(page.locator('[data-part="source"]')).toBeVisible();
    },
  },
  { name: 'the list of many apps', story: 'small-fleet', go: (page) => signedIn(page, '/apps') },
  {
    name: 'the list of many apps, narrowed',
    story: 'small-fleet',
    go: (page) => signedIn(page, '/apps?q=gateway&sort=name'),
  },
];

const APP: Place[] = [
  { name: 'an app before its deployment', go: (page, windsock) => failing(page, windsock, 0) },
  { name: 'an app whose check fails', go: (page, windsock) => failing(page, windsock, CHECK_FAILED_STEP + 1) },
  {
    name: 'an app whose deployment failed, with its log open',
    go: async (page, windsock) => {
      await failing(page, windsock, LAST_STEP);
      await page.locator('details.log summary').click();
    },
  },
  {
    name: 'an app whose deployment failed, with how it went',
    go: async (page, windsock) => {
      await windsock.jump(CHECK_FAILED_STEP + 1);
      await signIn(page);
      await page.goto(FAILING_PAGE);
      await windsock.jump(LAST_STEP);
      await windsock.poll();
      await gotoLive(page, `${FAILING_PAGE}?went=`);
      await expect(page.getByRole('list', { name: 'How it went' })).toBeVisible();
    },
  },
  { name: 'a healthy app', go: (page) => signedIn(page, HEALTHY_PAGE) },
  {
    name: 'an app that is being deployed',
    story: 'rolling-deploy',
    go: async (page, windsock) => {
      await windsock.jump(12);
      await signedIn(page, '/apps/ember-notes');
    },
  },
  {
    name: 'an app that crashes again and again',
    story: 'crash-loop',
    go: (page, windsock) => atTheEnd(page, windsock, '/apps/rusty-hinge'),
  },
  {
    name: 'an app of which a host is gone',
    story: 'host-unreachable',
    go: (page, windsock) => atTheEnd(page, windsock, '/apps/far-lighthouse'),
  },
  { name: 'an app at rest', story: 'autostop', go: (page, windsock) => atTheEnd(page, windsock, '/apps/sleepy-fox') },
  {
    name: 'an app without instances',
    story: 'no-machines',
    go: (page, windsock) => atTheEnd(page, windsock, '/apps/quiet-shelf'),
  },
  { name: 'an app that was never deployed', story: 'no-releases', go: (page) => signedIn(page, '/apps/blank-slate') },
  {
    name: 'an app of which parts were never loaded',
    go: async (page, windsock) => {
      await signIn(page);
      await addFaults(windsock, 'graphql-503');
      await gotoLive(page, HEALTHY_PAGE);
    },
  },
  {
    name: 'an app whose instances were never loaded',
    go: async (page, windsock) => {
      await signIn(page);
      await addFaults(windsock, 'machines-down');
      await gotoLive(page, HEALTHY_PAGE);
    },
  },
  {
    name: 'an app while Fly asks to wait',
    go: async (page, windsock) => {
      await followed(page, HEALTHY_PAGE);
      await addFaults(windsock, 'rate-limited');
      await windsock.poll();
      await expect(page.locator('[data-part="source"]')).toBeVisible();
    },
  },
  { name: 'an app that does not exist', go: (page) => signedIn(page, '/apps/no-such-app') },
];

const INSTANCE: Place[] = [
  {
    name: 'an instance that fails, with its log',
    go: async (page, windsock) => {
      await windsock.jump(LAST_STEP);
      await signedIn(page, ALLOCATION_PAGE);
    },
  },
  { name: 'an instance', go: (page) => signedIn(page, MACHINE_PAGE) },
  {
    name: 'an instance that is stopped',
    story: 'autostop',
    go: (page, windsock) => atTheEnd(page, windsock, '/apps/sleepy-fox/machines/d8dd7e0b415e28'),
  },
  {
    name: 'an instance that is gone',
    story: 'no-machines',
    go: async (page, windsock) => {
      await followed(page, '/apps/quiet-shelf/machines/3287441b692d85');
      const { steps } = await windsock.step();
      await windsock.jump(steps);
      await addFaults(windsock, { fault: { kind: 'status', status: 404 }, route: 'get-machine' });
      await windsock.poll();
      await expect(page.locator('[data-part="gone"]')).toBeVisible();
    },
  },
  {
    name: 'an instance of which parts were never loaded',
    go: async (page, windsock) => {
      await signIn(page);
      await addFaults(windsock, 'graphql-503');
      await gotoLive(page, MACHINE_PAGE);
    },
  },
  {
    name: 'an instance of which parts are out of date',
    go: async (page, windsock) => {
      await followed(page, MACHINE_PAGE);
      await windsock.outage('machines', 'status-503');
      await windsock.poll();
      await expect(page.locator('[data-part="source"]')).toBeVisible();
    },
  },
  { name: 'an instance that does not exist', go: (page) => signedIn(page, machinePage('00000000000000')) },
  { name: 'an instance id that is none', go: (page) => signedIn(page, machinePage('no-id')) },
];

const RELEASES: Place[] = [
  {
    name: 'the releases of an app',
    go: async (page, windsock) => {
      await windsock.jump(LAST_STEP);
      await signedIn(page, `${FAILING_PAGE}/releases`);
    },
  },
  {
    name: 'the releases of an app with many',
    story: 'many-releases',
    go: (page) => signedIn(page, '/apps/ferry-log/releases'),
  },
  { name: 'the releases of an app without any', go: (page) => signedIn(page, '/apps/new-venture/releases') },
  {
    name: 'the releases of an app, of which parts were never loaded',
    go: async (page, windsock) => {
      await signIn(page);
      await addFaults(windsock, 'graphql-503');
      await gotoLive(page, RELEASES_PAGE);
    },
  },
];

const RELEASE: Place[] = [
  {
    name: 'a release that failed, with what changed',
    go: async (page, windsock) => {
      await windsock.jump(LAST_STEP);
      await signedIn(page, `${FAILING_PAGE}/releases/14`);
    },
  },
  {
    name: 'a release that is being deployed',
    go: async (page, windsock) => {
      await windsock.jump(3);
      await signedIn(page, `${FAILING_PAGE}/releases/14`);
    },
  },
  { name: 'a release with its reason and a way back', go: (page) => signedIn(page, `${RELEASES_PAGE}/39`) },
  { name: 'a release that one can go back to', go: (page) => signedIn(page, `${RELEASES_PAGE}/41`) },
  { name: 'the first release', go: (page) => signedIn(page, `${FAILING_PAGE}/releases/1`) },
  { name: 'a release that is not there', go: (page) => signedIn(page, `${FAILING_PAGE}/releases/99`) },
  { name: 'a release that is no number', go: (page) => signedIn(page, `${FAILING_PAGE}/releases/latest`) },
  {
    name: 'a release while GraphQL does not answer',
    go: async (page, windsock) => {
      await signIn(page);
      await addFaults(windsock, 'graphql-503');
      await gotoLive(page, RELEASE_PAGE);
    },
  },
];

const REST: Place[] = [
  {
    name: 'a machine that has stopped, with a gap in its log',
    go: async (page, windsock) => {
      const machine = MACHINES[0]!;
      await signedIn(page, machinePage(machine));
      await writeLines(windsock, machine, 0, 1_500);
      await setStates(windsock, [machine], 'stopped');
      await windsock.poll();
      const log = page.getByRole('region', { name: 'Logs' });
      await expect(log).toContainText('At least 1000 lines are left out here');
      await expect(log).toContainText('The log ends here');
    },
  },
  {
    name: 'an app for whose stream there is no place',
    go: async (page) => {
      await page.route('**/events?*', (route) => route.fulfill({ status: 429, headers: { 'retry-after': '10' } }));
      await signedIn(page, HEALTHY_PAGE);
      await expect(connectionOf(page)).toContainText('No place for another stream');
    },
  },
  { name: 'the sign-in page', go: (page) => gotoLive(page, '/sign-in') },
  {
    name: 'the sign-in page that refused a token',
    go: async (page) => {
      await gotoLive(page, '/sign-in');
      await sendToken(page, UNKNOWN_TOKEN);
      await expect(page.getByRole('alert')).toBeVisible();
    },
  },
  {
    name: 'the sign-in page while Fly does not answer',
    go: async (page, windsock) => {
      await windsock.outage('all', 'status-503');
      await gotoLive(page, '/sign-in');
      await sendToken(page);
      await expect(page.getByRole('alert')).toBeVisible();
    },
  },
  {
    name: 'the command palette',
    go: async (page, windsock) => {
      await failing(page, windsock, LAST_STEP);
      await openPalette(page);
      await expect(page.getByRole('option', { selected: true })).toBeVisible();
    },
  },
  {
    name: 'the command palette that found nothing',
    go: async (page) => {
      await signedIn(page, '/apps');
      await openPalette(page);
      await page.getByRole('combobox').last().fill('nowhere');
      await expect(page.getByRole('dialog')).toContainText('Nothing matches');
    },
  },
  {
    name: 'the command palette while Fly does not answer',
    go: async (page, windsock) => {
      await signIn(page);
      await windsock.outage('all', 'status-503');
      await gotoLive(page, FAILING_PAGE);
      await openPalette(page);
      await expect(page.getByRole('option', { selected: true })).toBeVisible();
    },
  },
  {
    name: 'the command palette without a way to the console',
    go: async (page) => {
      await signedIn(page, '/apps');
      await page.route('**/palette?*', (route) => route.abort());
      await openPalette(page);
      await expect(page.getByRole('dialog')).toContainText('could not be reached');
    },
  },
  {
    name: 'the command palette of somebody who is signed out',
    go: async (page) => {
      await signedIn(page, '/apps');
      await page.context().clearCookies();
      await openPalette(page);
      await expect(page.getByRole('dialog')).toContainText('signed out');
    },
  },
  {
    name: 'the menu',
    go: async (page) => {
      await signedIn(page, '/apps');
      await openMenu(page);
      await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
    },
  },
  {
    name: 'the help',
    go: async (page) => {
      await signedIn(page, '/apps');
      await page.keyboard.press('?');
      await expect(page.getByRole('dialog')).toBeVisible();
    },
  },
  {
    name: 'the palette as a page',
    go: async (page) => {
      await signIn(page);
      await page.goto('/palette?q=tide');
    },
  },
  {
    name: 'the palette as a page that found nothing',
    go: async (page) => {
      await signIn(page);
      await page.goto('/palette?q=nowhere');
    },
  },
  {
    name: 'the page of the components',
    go: async (page) => {
      await page.goto('/design');
    },
  },
  { name: 'an address that is no page', go: (page) => signedIn(page, '/nowhere') },
];

/** What has states that all pages have: where it is, and a page from which a link leads there. */
const SHARED = [
  { of: 'the list of apps', path: '/apps', from: HEALTHY_PAGE },
  { of: 'an app', path: HEALTHY_PAGE, from: '/apps' },
  { of: 'an instance', path: MACHINE_PAGE, from: HEALTHY_PAGE },
  { of: 'the releases of an app', path: RELEASES_PAGE, from: HEALTHY_PAGE },
  { of: 'a release', path: RELEASE_PAGE, from: RELEASES_PAGE },
];

/** Five states of each page; without rights another app is asked for than the token's. */
function sharedStates({ of, path, from }: (typeof SHARED)[number]): Place[] {
  return [
    {
      name: `${of}, on its way`,
      go: async (page) => {
        await signedIn(page, from);
        await page.route('**/api/topic', () => {});
        await page.locator(`a[href="${path}"]`).last().click();
        await expect(page.getByText('Loading…')).toBeVisible();
      },
    },
    {
      name: `${of}, while Fly does not answer`,
      go: async (page, windsock) => {
        await followed(page, path);
        await windsock.outage('all', 'status-503');
        await windsock.poll();
        await expect(page.locator('[data-part="source"]')).toBeVisible();
      },
    },
    {
      name: `${of}, of which Fly never told`,
      go: async (page, windsock) => {
        await signInAside(page, windsock);
        await windsock.outage('all', 'status-503');
        await gotoLive(page, path);
      },
    },
    {
      name: `${of}, after the session ended`,
      go: async (page, windsock) => {
        await followed(page, path);
        await windsock.control('POST', '/_story/revoke', { token_name: 'demo' });
        await windsock.poll();
        await expect(connectionOf(page)).toContainText('Signed out');
      },
    },
    {
      name: `${of}, without the right to see it`,
      go: async (page) => {
        await page.goto('/sign-in');
        await sendToken(page, APP_TOKEN);
        await gotoLive(page, path.replace(HEALTHY_PAGE, FAILING_PAGE));
        await expect(page.getByRole('alert')).toBeVisible();
      },
    },
  ];
}

export const PLACES: Place[] = [
  ...LIST,
  ...APP,
  ...INSTANCE,
  ...RELEASES,
  ...RELEASE,
  ...SHARED.flatMap(sharedStates),
  ...REST,
];
