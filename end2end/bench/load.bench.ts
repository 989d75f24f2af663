// The first load of the app page, and of a file with the same HTML and style from a plain server: in turns,
// each in a context of its own with an empty cache, on the way from a page of another site: whoever
// follows a link or a bookmark comes from one, and the browser changes to another process for both.
import { brotliCompressSync } from 'node:zlib';
import type { Browser, BrowserContextOptions, Page } from '@playwright/test';
import { signIn, test } from '../fixtures.ts';
import { FAILING_PAGE, LAST_STEP } from '../support/story.ts';
import { PlainServer } from './plain-server.ts';
import { leave, pause, waitUntilLive } from './samples.ts';

const LOADS = 15;
/** Contexts that warm up the browser and the server; they are not counted. */
const WARM_UPS = 2;

interface Load {
  /** Milliseconds since the navigation began. */
  firstByte: number;
  lcp: number;
  hydrated: number;
  cls: number;
  /** The longest task of the main thread. */
  longest: number;
  /** As they came over the wire, with their heads; without the stream, which never ends. */
  bytes: number;
  requests: number;
}

type Seen = Window & { seen?: { lcp: number; hydrated: number; cls: number; longest: number } };

function observe(): void {
  const seen = { lcp: 0, hydrated: 0, cls: 0, longest: 0 };
  (window as Seen).seen = seen;
  const each = (type: string, take: (entry: PerformanceEntry) => void): void =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
  each('largest-contentful-paint', (entry) => (seen.lcp = entry.startTime));
  each('layout-shift', (entry) => (seen.cls += (entry as PerformanceEntry & { value: number }).value));
  each('longtask', (entry) => (seen.longest = Math.max(seen.longest, entry.duration)));
  const hydrated = new MutationObserver(() => {
    if (!document.documentElement.hasAttribute('data-hydrated')) return;
    seen.hydrated = performance.now();
    hydrated.disconnect();
  });
  hydrated.observe(document, { attributes: true, subtree: true, attributeFilter: ['data-hydrated'] });
}

/** What was asked for and came. */
async function watchNetwork(page: Page): Promise<{ bytes: number; requests: number }> {
  const session = await page.context().newCDPSession(page);
  const network = { bytes: 0, requests: 0 };
  session.on('Network.requestWillBeSent', ({ request }) => {
    if (!new URL(request.url).pathname.startsWith('/events')) network.requests++;
  });
  session.on('Network.loadingFinished', ({ encodedDataLength }) => (network.bytes += encodedDataLength));
  await session.send('Network.enable');
  return network;
}

async function load(
  browser: Browser,
  options: BrowserContextOptions,
  elsewhere: string,
  url: string,
  live: boolean,
): Promise<Load> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.addInitScript(observe);
  await page.goto(elsewhere);
  await pause(100);
  const network = await watchNetwork(page);
  await page.goto(url);
  if (live) await waitUntilLive(page);
  // An entry comes with a frame after its own.
  await pause(300);
  const { firstByte, seen } = await page.evaluate(() => ({
    firstByte: (performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming).responseStart,
    seen: (window as Seen).seen!,
  }));
  await context.close();
  return { firstByte, ...seen, ...network };
}

/** The page as a file: without its scripts and what loads them before they are asked for. */
async function asFiles(url: string, cookie: string): Promise<PlainServer> {
  const read = async (path: string) =>
    fetch(new URL(path, url), { headers: { cookie, 'accept-encoding': 'identity' } });
  const html = (await (await read(FAILING_PAGE)).text())
    .replace(/<script[^>]*>.*?<\/script>/gs, '')
    .replace(/<link[^>]*rel="(modulepreload|preload)"[^>]*>/g, '');
  const sent = (type: string, text: Buffer) => ({ type, body: brotliCompressSync(text), encoding: 'br' });
  const files = new Map([[FAILING_PAGE, sent('text/html; charset=utf-8', Buffer.from(html))]]);
  for (const [, path, type] of [
    [...(html.match(/href="([^"]+\.css)"/) ?? []), 'text/css'],
    [...(html.match(/href="([^"]+\.svg)"/) ?? []), 'image/svg+xml'],
  ]) {
    if (!path || !type) throw new Error(`the page has no ${type ?? 'style'}`);
    files.set(path, sent(type, Buffer.from(await (await read(path)).arrayBuffer())));
  }
  return PlainServer.of(files);
}

test('first load', async ({ browser, page, windsock, contextOptions, viewport }) => {
  await windsock.jump(LAST_STEP);
  await signIn(page);
  const storageState = await page.context().storageState();
  const options: BrowserContextOptions = { ...contextOptions, viewport, storageState };
  await page.context().close();
  const other = await PlainServer.of(
    new Map([['/', { type: 'text/html', body: Buffer.from('<p>Another site'), encoding: undefined }]]),
  );
  const elsewhere = other.url.replace('127.0.0.1', 'localhost');
  const asked = async (): Promise<number> => Number((await windsock.requests())['total']);
  const ask = async (): Promise<[Load, number]> => {
    const before = await asked();
    const loaded = await load(browser, options, elsewhere, windsock.url + FAILING_PAGE, true);
    return [loaded, (await asked()) - before];
  };

  const [, upstreamCold] = await ask();
  const cookie = storageState.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  const files = await asFiles(windsock.url, cookie);
  const windsockLoads: Load[] = [];
  const fileLoads: Load[] = [];
  const upstream: number[] = [];
  const ours = async (): Promise<void> => {
    const [loaded, questions] = await ask();
    windsockLoads.push(loaded);
    upstream.push(questions);
  };
  const theirs = async (): Promise<void> => {
    fileLoads.push(await load(browser, options, elsewhere, files.url + FAILING_PAGE, false));
  };
  for (let turn = 0; turn < WARM_UPS + LOADS; turn++) {
    if (turn % 2 === 0) {
      await ours();
      await theirs();
    } else {
      await theirs();
      await ours();
    }
  }
  await Promise.all([files.close(), other.close()]);
  leave('load', {
    windsock: windsockLoads.slice(WARM_UPS),
    file: fileLoads.slice(WARM_UPS),
    upstream: upstream.slice(WARM_UPS),
    upstreamCold,
    browser: browser.version(),
  });
});
