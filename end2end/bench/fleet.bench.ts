// The list of 5,000 apps: its first rows from a server that has never read it, and typing into its search.
import { expect, gotoLive, test } from '../fixtures.ts';
import { Demo } from '../demo.ts';
import { APPS, ROWS, signInToFleet, WHILE_LOADING } from '../support/fleet.ts';
import { leave, pause, waitUntilLive } from './samples.ts';

const STARTS = 3;
const WORDS = ['billing', 'web', 'crimson-wave', 'api'];
/** Milliseconds between keys: a fast typist. */
const APART = 120;

test.use({ expectedErrors: WHILE_LOADING });

test('first rows', async ({ browser, contextOptions, viewport }) => {
  const samples = [];
  for (let start = 0; start < STARTS; start++) {
    const demo = await Demo.start('fleet');
    const context = await browser.newContext({ ...contextOptions, viewport, baseURL: demo.url });
    const page = await context.newPage();
    const form = new URLSearchParams({ token: demo.token });
    const signedIn = await fetch(new URL('/sign-in', demo.url), {
      method: 'POST',
      body: form,
      redirect: 'manual',
      headers: { origin: demo.url },
    });
    const [name, value] = signedIn.headers.getSetCookie()[0]!.split(';')[0]!.split('=') as [string, string];
    await context.addCookies([{ name, value, url: demo.url }]);
    let status = 0;
    const began = performance.now();
    while (status !== 200 && performance.now() - began < 25_000) status = (await page.goto('/apps'))?.status() ?? 0;
    await expect(page.locator('[data-app]')).toHaveCount(ROWS);
    const rows = performance.now() - began;
    const questions = Number((await demo.requests())['total']);
    const warm = performance.now();
    await page.goto('/apps');
    await expect(page.locator('[data-app]')).toHaveCount(ROWS);
    samples.push({ rows, warm: performance.now() - warm, questions });
    await context.close();
    await demo.stop();
  }
  leave('rows', { apps: APPS, samples });
});

type Typing = Window & { typed?: { letters: number[]; rows: number[]; events: number[] } };

test.describe('typing', () => {
  test.use({ story: 'fleet' });

  test('typing into the search', async ({ page }) => {
    await signInToFleet(page);
    await gotoLive(page, '/apps');
    await waitUntilLive(page);
    const search = page.getByLabel('Search');
    await search.focus();
    await page.evaluate(() => {
      const typed = { letters: [] as number[], rows: [] as number[], events: [] as number[] };
      (window as Typing).typed = typed;
      /** When the key was pressed whose rows are not painted yet. */
      let key: number | undefined;
      const painted = (then: () => void): void => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = then;
        port2.postMessage(null);
      };
      addEventListener('keydown', (event) => (key = event.timeStamp), true);
      addEventListener(
        'input',
        () => {
          const pressed = key ?? performance.now();
          requestAnimationFrame(() => painted(() => typed.letters.push(performance.now() - pressed)));
        },
        true,
      );
      const table = document.querySelector('[data-app]')?.closest('table');
      if (!table) throw new Error('there is no table');
      new MutationObserver((records) => {
        const moved = records.some(({ type, target }) => type === 'childList' && target instanceof Element && !target.closest('time'));
        if (!moved || key === undefined) return;
        const pressed = key;
        key = undefined;
        painted(() => typed.rows.push(performance.now() - pressed));
      }).observe(table, { subtree: true, childList: true });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          if (['keydown', 'input', 'keyup'].includes(entry.name)) typed.events.push(entry.duration);
        }
      }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
    });
    let keys = 0;
    for (const word of WORDS) {
      for (const letter of [...word, ...[...word].map(() => 'Backspace')]) {
        await page.keyboard.press(letter);
        keys++;
        await pause(APART);
      }
    }
    await expect(page.locator('[data-app]')).toHaveCount(ROWS);
    await pause(500);
    const typed = await page.evaluate(() => (window as Typing).typed!);
    leave('typing', { keys, ...typed });
  });
});
