// What each page is to those who do not see it: landmarks, headings, tables and what can be done. The
// templates leave out what changes from one moment to the next; what they name must be there, in order.
import { type Page } from '@playwright/test';
import { expect, gotoLive, signIn, test } from './fixtures.ts';
import { MACHINES, machinePage } from './support/instance.ts';
import { FAILING_PAGE, HEALTHY, HEALTHY_PAGE, LAST_STEP } from './support/story.ts';

const BAR = `
- link "Skip to the content"
- banner:
  - link "Windsock"
  - navigation "Breadcrumbs":
    - list:
      - listitem:
        - link "Apps"
  - status "Connection"
  - link "Find"
  - button "Menu, Mara Lindqvist"
`;

async function expectPage(page: Page, template: string): Promise<void> {
  await expect(page.locator('body')).toMatchAriaSnapshot(template);
}

test('the sign-in page is a heading and a form', async ({ page }) => {
  await gotoLive(page, '/sign-in');
  await expectPage(page, `
- link "Skip to the content"
- banner:
  - link "Windsock"
  - button /Theme/
- main:
  - heading "Sign in" [level=1]
  - textbox "Fly token"
  - button "Sign in"
  - paragraph: /This is the demo/
`);
});

test('the list is a search and a table', async ({ page }) => {
  await signIn(page);
  await gotoLive(page, '/apps');
  await expectPage(page, `${BAR}
- main:
  - heading "Apps" [level=1]
  - search:
    - searchbox "Search"
    - combobox "Organization"
    - combobox "Health"
    - combobox "Order"
  - region "Apps":
    - table "Apps":
      - rowgroup:
        - row:
          - columnheader "Name"
          - columnheader "Organization"
          - columnheader "Health"
          - columnheader "Status"
          - columnheader "Last deployment"
          - columnheader "Regions"
      - rowgroup:
        - row /crimson-wildflower-1711/:
          - cell "crimson-wildflower-1711":
            - link "crimson-wildflower-1711"
  - textbox "Open an app by name"
  - button "Open"
`);
});

test('the page of an app that failed is its regions, the finding among them', async ({ page, windsock }) => {
  await windsock.jump(LAST_STEP);
  await signIn(page);
  await gotoLive(page, FAILING_PAGE);
  await expectPage(page, `
- banner:
  - navigation "Breadcrumbs":
    - list:
      - listitem:
        - link "Apps"
      - listitem:
        - link "crimson-wildflower-1711"
- main:
  - heading "crimson-wildflower-1711" [level=1]
  - link /View crimson-wildflower-1711.fly.dev/
  - region "Deployment status":
    - heading "Deployment status" [level=2]
    - img "1 unhealthy"
  - region "Diagnosis":
    - heading /Why v14 failed/ [level=2]
    - heading "The app listens on port 8080. Fly checks port 4000." [level=3]
    - list "Evidence":
      - listitem:
        - link "log e80d7fbd"
    - button "Copy the command"
    - group: Last log lines of e80d7fbd
  - region "Instances":
    - heading "Instances" [level=2]
    - table "Instances":
      - rowgroup:
        - row:
          - columnheader "ID"
          - columnheader "Process"
          - columnheader "Version"
          - columnheader "Region"
          - columnheader "Desired"
          - columnheader "State"
          - columnheader "Health checks"
          - columnheader "Restarts"
          - columnheader "Created"
          - columnheader "Updated"
      - rowgroup:
        - row /e80d7fbd/
  - region "Timeline":
    - heading "Timeline" [level=2]
    - list
  - region "Process groups":
    - heading "Process groups" [level=2]
`);
});

test('the page of a healthy app has no region for a diagnosis', async ({ page }) => {
  await signIn(page);
  await gotoLive(page, HEALTHY_PAGE);
  await expectPage(page, `
- main:
  - heading "${HEALTHY}" [level=1]
  - region "Deployment status"
  - region "Instances"
  - region "Timeline"
  - region "Process groups"
`);
  await expect(page.getByRole('region', { name: 'Diagnosis' })).toHaveCount(0);
});

test('the page of an instance is its parts, each a table, and its neighbors', async ({ page }) => {
  await signIn(page);
  await gotoLive(page, machinePage(MACHINES[1]!));
  await expectPage(page, `
- banner:
  - navigation "Breadcrumbs":
    - list:
      - listitem:
        - link "Apps"
      - listitem:
        - link "${HEALTHY}"
      - listitem:
        - link "${MACHINES[1]!}"
- main:
  - heading "${MACHINES[1]!}" [level=1]
  - button "Copy the id ${MACHINES[1]!}"
  - navigation "Neighbors":
    - link "Previous instance, ${MACHINES[0]!}"
    - link "Next instance, ${MACHINES[2]!}"
  - navigation "Parts of the page":
    - link "Health checks"
    - link "Events"
    - link "Logs"
    - link "Processes"
    - link "Configuration"
    - link "About"
  - region "Health checks":
    - heading "Health checks" [level=2]
    - table "Health checks":
      - rowgroup:
        - row:
          - columnheader "Check"
          - columnheader "Result"
          - columnheader "Changed"
          - columnheader "Output"
  - region "Events":
    - table "Events":
      - rowgroup:
        - row:
          - columnheader "When"
          - columnheader "Event"
          - columnheader "What it led to"
          - columnheader "Asked by"
  - region "Logs":
    - heading "Logs" [level=2]
  - region "Processes":
    - table "Processes"
  - region "Configuration":
    - table "Configuration"
  - region "About":
    - table "About"
`);
});

test('the page of a release is what it was, why it failed, what changed, and the way back', async ({ page }) => {
  await signIn(page);
  await gotoLive(page, `${HEALTHY_PAGE}/releases/39`);
  await expectPage(page, `
- banner:
  - navigation "Breadcrumbs":
    - list:
      - listitem:
        - link "Apps"
      - listitem:
        - link "${HEALTHY}"
      - listitem:
        - link "Releases"
      - listitem:
        - link "v39"
- main:
  - heading "v39" [level=1]
  - region "Release":
    - heading "Release" [level=2]
    - term: What
    - term: By
    - term: Made
    - term: Took
    - term: Strategy
    - term: Image
  - region "Why v39 failed":
    - heading "Why v39 failed" [level=2]
  - region /What changed against v38/:
    - heading /What changed against v38/ [level=2]
  - region "Go back to v39":
    - heading "Go back to v39" [level=2]
  - navigation "Other releases":
    - link /v38/
    - link /v40/
    - link "All releases"
`);
});

test('the releases of an app are a table', async ({ page }) => {
  await signIn(page);
  await gotoLive(page, `${HEALTHY_PAGE}/releases`);
  await expectPage(page, `
- main:
  - heading "Releases" [level=1]
  - navigation "Pages of the app":
    - link "Status"
    - link "Releases"
  - region "Releases":
    - table "Releases":
      - rowgroup:
        - row:
          - columnheader "Version"
          - columnheader "Result"
          - columnheader "What"
          - columnheader "By"
          - columnheader "Made"
          - columnheader "Took"
          - columnheader "Strategy"
          - columnheader "Image"
`);
});

test('the help is a dialog with a heading and one line for each key', async ({ page }) => {
  await signIn(page);
  await gotoLive(page, '/apps');
  await page.keyboard.press('?');
  await expectPage(page, `
- dialog "Keyboard shortcuts":
  - heading "Keyboard shortcuts" [level=2]
  - term: "?"
  - definition: Show this help
  - term: Ctrl or ⌘ + K
  - definition: Find an app, an instance or an action
  - button "Close"
`);
});

test('the palette is a field with a list box in groups', async ({ page, windsock }) => {
  await windsock.jump(LAST_STEP);
  await signIn(page);
  await gotoLive(page, FAILING_PAGE);
  await page.keyboard.press('ControlOrMeta+k');
  await expectPage(page, `
- dialog "Find":
  - combobox "Find an app, an instance or an action" [expanded]
  - listbox "Results":
    - group "Instances of crimson-wildflower-1711":
      - option /e80d7fbd/ [selected]
    - group "Releases of crimson-wildflower-1711":
      - option "All releases"
    - group "Apps":
      - option /crimson-wildflower-1711 Harbor Works/
    - group "Actions":
      - option "Copy the link to this page"
      - 'option "Theme: light"'
      - option "Sign out"
  - status "Number of results"
`);
});

test('the palette as a page is a search and lists of links', async ({ page }) => {
  await signIn(page);
  await page.goto('/palette?q=tide');
  await expectPage(page, `
- link "Skip to the content"
- banner:
  - link "Windsock"
- main:
  - heading "Find" [level=1]
  - search:
    - searchbox "An app or an instance": tide
    - button "Find"
  - heading "Apps" [level=2]
  - list:
    - listitem:
      - link /tidewater-api/
`);
});

test.describe('pages that are errors', () => {
  test.use({ expectedErrors: /status of 404/ });

  test('an app that does not exist is an alert with a way back', async ({ page }) => {
    await signIn(page);
    await gotoLive(page, '/apps/no-such-app');
    await expectPage(page, `${BAR}
- main:
  - heading "no-such-app" [level=1]
  - alert:
    - paragraph: /There is no app named/
    - paragraph: /Check the name/
    - paragraph:
      - link "All apps your token can see"
`);
  });

  test('an address that is no page is a heading with a way back', async ({ page }) => {
    await signIn(page);
    await gotoLive(page, '/nowhere');
    await expectPage(page, `
- main:
  - heading "There is no such page" [level=1]
  - paragraph:
    - link "All apps"
`);
  });
});
