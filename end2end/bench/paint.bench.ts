// From what Fly tells to the painted cell, for one viewer, and the bytes of a change on the stream.
import type { Page } from '@playwright/test';
import { expect, gotoLive, signIn, test } from '../fixtures.ts';
import { Demo } from '../demo.ts';
import { FAILING_PAGE } from '../support/story.ts';
import { leave, pause, waitUntilLive } from './samples.ts';

const ROUNDS = 3;
/** Longer than changes are merged for, so that none waits for the one before it. */
const APART = 160;
/** A server that knows of something says so before. */
const SILENCE = 150;
/** Steps of a story that are weighed at most. */
const MOST_STEPS = 60;

/** Stories whose changes are weighed: one of each kind of deployment and of trouble. */
const WEIGHED = [
  'failed-deploy-v14',
  'rolling-deploy',
  'rolling-deploy-fails-halfway',
  'bluegreen-deploy',
  'canary-deploy',
  'immediate-deploy',
  'crash-loop',
  'out-of-memory',
  'wrong-port',
  'autostop',
];

type Painting = Window & { painted?: number[] };

/** Notes when each change of the page's content was painted, by the clock of the day. */
async function watchPaint(page: Page): Promise<void> {
  await page.evaluate(() => {
    const painted: number[] = [];
    (window as Painting).painted = painted;
    const { port1, port2 } = new MessageChannel();
    // A message that is sent while a frame is made arrives when it is painted.
    port1.onmessage = () => painted.push(performance.timeOrigin + performance.now());
    const ticks = 'time, .link-state, [title^="since "]';
    const element = (node: Node): Element | null => (node instanceof Element ? node : node.parentElement);
    new MutationObserver((records) => {
      if (records.some(({ target }) => !element(target)?.closest(ticks))) port2.postMessage(null);
    }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  });
}

test('painted cells', async ({ page, windsock }) => {
  const { steps } = await windsock.jump(0);
  await signIn(page);
  await gotoLive(page, FAILING_PAGE);
  await waitUntilLive(page);
  await watchPaint(page);
  const samples = [];
  const clock = (): number => performance.timeOrigin + performance.now();
  for (let round = 0; round < ROUNDS; round++) {
    for (let step = 1; step <= steps; step++) {
      await windsock.step();
      const asked = clock();
      await windsock.poll();
      const answered = clock();
      await pause(APART);
      // The first paint after it was asked; the others are the end of a tint.
      const painted = await page.evaluate(() => (window as Painting).painted!.splice(0));
      const first = painted.find((at) => at >= asked);
      if (first !== undefined) samples.push({ step, poll: answered - asked, paint: first - asked });
    }
    await windsock.jump(0);
    await windsock.poll();
    await pause(2_000);
    await page.evaluate(() => (window as Painting).painted!.splice(0));
  }
  expect(samples.length).toBeGreaterThan(ROUNDS * 20);
  leave('paint', samples);
});

interface Sent {
  event: string;
  id?: string;
  data: { changes?: Record<string, unknown>[]; cursor?: string };
}

/** What a kind of change is called: of a cell, its column; of a part, what of it. */
function kindOf(change: Record<string, unknown>): string {
  const [[word, value]] = Object.entries(change) as [[string, unknown]];
  if (word === 'cell' && Array.isArray(value)) return `cell ${Object.keys(value[1] as object)[0] ?? ''}`;
  if (word === 'deployed' || word === 'diagnosed') return `${word} ${Object.keys(value as object)[0] ?? ''}`;
  return word;
}

/** Plays a story to its end and weighs each change of its app, as the stream would carry it. */
async function weigh(story: string): Promise<{ story: string; bytes: number; changes: [string, number][] }> {
  const demo = await Demo.start(story);
  try {
    const list = (await demo.control('GET', '/_story/list')) as { facts: { app: string }[] };
    const topic = `app:${list.facts[0]!.app}`;
    const form = new URLSearchParams({ token: demo.token });
    const signedIn = await fetch(new URL('/sign-in', demo.url), {
      method: 'POST',
      body: form,
      redirect: 'manual',
      headers: { origin: demo.url },
    });
    const cookie = signedIn.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ');
    const ask = async (since: string): Promise<Sent[]> => {
      const url = new URL('/poll', demo.url);
      url.search = new URLSearchParams({ topics: topic, ...(since ? { since } : {}) }).toString();
      // A long poll waits for news: that there are none is told by its silence.
      const signal = AbortSignal.timeout(since ? SILENCE : 20_000);
      try {
        const answer = await fetch(url, { headers: { cookie, origin: demo.url }, signal });
        if (answer.ok) return (await answer.json()) as Sent[];
        throw new Error(`${story}: ${answer.status} ${await answer.text()}`);
      } catch (error) {
        if (signal.aborted) return [];
        throw error;
      }
    };
    const { steps } = await demo.jump(0);
    let since = (await ask('')).findLast((one) => one.id)?.id ?? '';
    let bytes = 0;
    const changes: [string, number][] = [];
    for (let step = 1; step <= Math.min(steps, MOST_STEPS); step++) {
      await demo.step();
      await demo.poll();
      for (const { event, id, data } of await ask(since)) {
        since = id ?? since;
        if (event !== 'change') continue;
        const text = JSON.stringify(data);
        const frame = `event: change\n${id ? `id: ${id}\n` : ''}data: ${text}\n\n`;
        bytes += Buffer.byteLength(frame);
        for (const change of data.changes ?? []) changes.push([kindOf(change), Buffer.byteLength(JSON.stringify(change))]);
      }
    }
    return { story, bytes, changes };
  } finally {
    await demo.stop();
  }
}

test('bytes of a change', async () => {
  const weighed = [];
  for (const story of WEIGHED) weighed.push(await weigh(story));
  leave('bytes', weighed);
});
