// What an open page costs: while nothing changes, and while two hundred instances change each second.
import type { Page } from '@playwright/test';
import { gotoLive, signIn, test } from '../fixtures.ts';
import { MACHINES, machinePage } from '../support/instance.ts';
import { HEALTHY_PAGE } from '../support/story.ts';
import { countBytes, leave, MainThread, pause, waitUntilLive } from './samples.ts';

/** How long nothing happens, in seconds. */
const MINUTE = 60;
/** How long two hundred instances change, in seconds. */
const RESTLESS = 20;
/** Seconds in which the painted cells are counted, apart: who counts costs time. */
const COUNTED = 4;

type Watched = Window & { changes?: string[]; ticks?: number; cells?: number };

/** Watches every change of the document; ages that tick are counted apart. */
async function watchChanges(page: Page): Promise<void> {
  await page.evaluate(() => {
    const watched: Watched = window;
    watched.changes = [];
    watched.ticks = 0;
    new MutationObserver((records) => {
      for (const { target, type, attributeName } of records) {
        const element = target instanceof Element ? target : target.parentElement;
        if (element?.closest('time, .link-state .age, [title^="since "]')) watched.ticks!++;
        else watched.changes!.push(`${type} ${attributeName ?? ''} of ${element?.outerHTML.slice(0, 120) ?? 'nothing'}`);
      }
    }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  });
}

test.describe('idle', () => {
  test.use({ story: 'calm' });

  test('nothing changes', async ({ browser, page, windsock, contextOptions, viewport, baseURL }) => {
    const { steps } = await windsock.jump(0);
    await windsock.jump(steps);
    // What happened last is an hour ago, and time goes on.
    const { now } = await windsock.jump(steps);
    await windsock.jump(new Date(Date.parse(now) + 3_600_000).toISOString());
    await windsock.control('POST', '/_story/play', { speed: '1' });
    await signIn(page);
    const storageState = await page.context().storageState();
    const pages = { 'app page': HEALTHY_PAGE, 'list of apps': '/apps', 'instance page': machinePage(MACHINES[0]!) };
    const opened = await Promise.all(
      Object.entries(pages).map(async ([name, path]) => {
        const context = await browser.newContext({ ...contextOptions, viewport, storageState, baseURL: baseURL! });
        const one = await context.newPage();
        await gotoLive(one, path);
        await waitUntilLive(one);
        return { name, page: one, thread: await MainThread.of(one), bytes: await countBytes(one) };
      }),
    );
    await page.close();
    await pause(3_000);
    await Promise.all(opened.map((one) => watchChanges(one.page)));
    const before = await Promise.all(opened.map(async (one) => ({ ...(await one.thread.now()), bytes: one.bytes() })));
    await pause(MINUTE * 1_000);
    const idle = [];
    for (const [index, one] of opened.entries()) {
      const [from, to, bytes] = [before[index]!, await one.thread.now(), one.bytes()];
      const { changes, ticks } = await one.page.evaluate(() => {
        const watched: Watched = window;
        return { changes: watched.changes!, ticks: watched.ticks! };
      });
      idle.push({
        name: one.name,
        seconds: MINUTE,
        changes,
        ticks,
        task: to.task - from.task,
        script: to.script - from.script,
        layouts: to.layouts - from.layouts,
        bytes: bytes - from.bytes,
      });
    }
    await Promise.all(opened.map((one) => one.page.context().close()));
    leave('idle', idle);
  });
});

test.describe('restless', () => {
  test.use({ story: 'restless-fleet' });

  test('two hundred instances change each second', async ({ page, windsock }) => {
    const facts = ((await windsock.control('GET', '/_story/list')) as { facts: { app: string }[] }).facts;
    await windsock.jump(1);
    await signIn(page);
    await gotoLive(page, `/apps/${facts[0]!.app}`);
    await waitUntilLive(page);
    const instances = await page.locator('[data-instance]').count();
    await pause(2_000);
    const play = async (seconds: number): Promise<number> => {
      const start = performance.now();
      for (let second = 1; second <= seconds; second++) {
        await windsock.step();
        await windsock.poll();
        await pause(Math.max(0, start + second * 1_000 - performance.now()));
      }
      return (performance.now() - start) / 1_000;
    };
    const thread = await MainThread.of(page);
    const bytes = await countBytes(page);
    const before = await thread.now();
    const seconds = await play(RESTLESS);
    const after = await thread.now();
    const received = bytes();
    await page.evaluate(() => {
      const watched: Watched = window;
      watched.cells = 0;
      let cells = new Set<Element>();
      new MutationObserver((records) => {
        for (const { target, attributeName } of records) {
          const element = target instanceof Element ? target : target.parentElement;
          const cell = element?.closest('[data-cell]');
          // The tint of a cell is no paint of its own, and ages tick without a change.
          const tint = target === cell && attributeName === 'class';
          if (cell && !tint && !element!.closest('time')) cells.add(cell);
        }
        watched.cells! += cells.size;
        cells = new Set();
      }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    });
    const counted = await play(COUNTED);
    const cells = await page.evaluate(() => (window as Watched).cells!);
    leave('restless', {
      instances,
      seconds,
      task: after.task - before.task,
      script: after.script - before.script,
      layout: after.layout - before.layout,
      layouts: after.layouts - before.layouts,
      bytes: received,
      cells: cells / counted,
    });
  });
});
