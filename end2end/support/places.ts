// Every page in every state worth looking at, for what must hold of all of them.
import { expect, type Page } from '@playwright/test';
import { gotoLive, signIn } from '../fixtures.ts';
import type { Demo } from '../demo.ts';
import { addFaults } from './faults.ts';
import { ALLOCATION_PAGE, MACHINES, machinePage } from './instance.ts';
import { sendToken, UNKNOWN_TOKEN } from './sign-in.ts';
import { CHECK_FAILED_STEP, FAILING_PAGE, HEALTHY_PAGE, LAST_STEP } from './story.ts';

interface Place {
  name: string;
  go: (page: Page, windsock: Demo) => Promise<void>;
}

/** What the browser itself complains of on the way: these pages are errors on purpose. */
export const EXPECTED_ON_THE_WAY = /status of (4\d\d|50[023])/;

async function signedIn(page: Page, path: string): Promise<void> {
  await signIn(page);
  await gotoLive(page, path);
}

async function failing(page: Page, windsock: Demo, step: number): Promise<void> {
  await windsock.jump(step);
  await signedIn(page, FAILING_PAGE);
}

export const PLACES: Place[] = [
  { name: 'the sign-in page', go: (page) => gotoLive(page, '/sign-in') },
  {
    name: 'the sign-in page that refused a token',
    go: async (page) => {
      await gotoLive(page, '/sign-in');
      await sendToken(page, UNKNOWN_TOKEN);
      await expect(page.getByRole('alert')).toBeVisible();
    },
  },
  { name: 'the list of apps', go: (page) => signedIn(page, '/apps') },
  { name: 'a list in which nothing was found', go: (page) => signedIn(page, '/apps?q=nowhere') },
  { name: 'the app before its deployment', go: (page, windsock) => failing(page, windsock, 0) },
  { name: 'the app whose check fails', go: (page, windsock) => failing(page, windsock, CHECK_FAILED_STEP + 1) },
  {
    name: 'the app whose deployment failed, with its log open',
    go: async (page, windsock) => {
      await failing(page, windsock, LAST_STEP);
      await page.locator('details.log summary').click();
    },
  },
  {
    name: 'the app whose deployment failed, with how it went',
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
    name: 'an app while Fly does not answer',
    go: async (page, windsock) => {
      await failing(page, windsock, LAST_STEP);
      await expect(page.getByRole('status', { name: 'Connection' })).toContainText('Live');
      await windsock.outage('all', 'status-503');
      await windsock.poll();
      await expect(page.locator('[data-part="source"]')).toBeVisible();
    },
  },
  {
    name: 'an app that Fly did not tell of',
    go: async (page, windsock) => {
      await signIn(page);
      await windsock.outage('all', 'status-503');
      await gotoLive(page, HEALTHY_PAGE);
    },
  },
  {
    name: 'the command palette',
    go: async (page, windsock) => {
      await failing(page, windsock, LAST_STEP);
      await page.keyboard.press('ControlOrMeta+k');
      await expect(page.getByRole('option', { selected: true })).toBeVisible();
    },
  },
  {
    name: 'the command palette that found nothing',
    go: async (page) => {
      await signedIn(page, '/apps');
      await page.keyboard.press('ControlOrMeta+k');
      await page.getByRole('combobox').last().fill('nowhere');
      await expect(page.getByRole('dialog')).toContainText('Nothing fits');
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
    name: 'the page of the components',
    go: async (page) => {
      await page.goto('/design');
    },
  },
  {
    name: 'the releases of an app',
    go: async (page, windsock) => {
      await windsock.jump(LAST_STEP);
      await signedIn(page, `${FAILING_PAGE}/releases`);
    },
  },
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
  { name: 'a release with its reason and a way back', go: (page) => signedIn(page, '/apps/tidewater-api/releases/39') },
  { name: 'a release that one can go back to', go: (page) => signedIn(page, '/apps/tidewater-api/releases/41') },
  { name: 'the first release', go: (page) => signedIn(page, `${FAILING_PAGE}/releases/1`) },
  { name: 'a release that is not there', go: (page) => signedIn(page, `${FAILING_PAGE}/releases/99`) },
  { name: 'a release that is no number', go: (page) => signedIn(page, `${FAILING_PAGE}/releases/latest`) },
  { name: 'the releases of an app without any', go: (page) => signedIn(page, '/apps/new-venture/releases') },
  {
    name: 'a release while GraphQL does not answer',
    go: async (page, windsock) => {
      await signIn(page);
      await addFaults(windsock, 'graphql-503');
      await gotoLive(page, '/apps/tidewater-api/releases/42');
    },
  },
  {
    name: 'a release that Fly did not tell of',
    go: async (page, windsock) => {
      await signIn(page);
      await windsock.outage('all', 'status-503');
      await gotoLive(page, '/apps/tidewater-api/releases/42');
    },
  },
  {
    name: 'an instance that fails, with its log',
    go: async (page, windsock) => {
      await windsock.jump(LAST_STEP);
      await signedIn(page, ALLOCATION_PAGE);
    },
  },
  { name: 'a machine', go: (page) => signedIn(page, machinePage(MACHINES[0]!)) },
  {
    name: 'a machine of which parts are out of date',
    go: async (page, windsock) => {
      await signedIn(page, machinePage(MACHINES[0]!));
      await expect(page.getByRole('status', { name: 'Connection' })).toContainText('Live');
      await windsock.outage('machines', 'status-503');
      await windsock.poll();
      await expect(page.locator('[data-part="source"]')).toBeVisible();
    },
  },
  {
    name: 'an instance that Fly did not tell of',
    go: async (page, windsock) => {
      await signIn(page);
      await windsock.outage('all', 'status-503');
      await gotoLive(page, machinePage(MACHINES[0]!));
    },
  },
  { name: 'an instance that does not exist', go: (page) => signedIn(page, machinePage('00000000000000')) },
  { name: 'an instance id that is none', go: (page) => signedIn(page, machinePage('no-id')) },
  { name: 'an app that does not exist', go: (page) => signedIn(page, '/apps/no-such-app') },
  { name: 'an address that is no page', go: (page) => signedIn(page, '/nowhere') },
];
