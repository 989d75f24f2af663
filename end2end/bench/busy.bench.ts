// What a page holds over an hour of deployments in fast motion.
import type { CDPSession, Page } from '@playwright/test';
import { expect, gotoLive, signIn, test } from '../fixtures.ts';
import { leave, pause, waitUntilLive } from './samples.ts';

/** An hour of polls, one each five seconds, in each of which something happened. */
const POLLS = 720;
/** Polls whose memory is not looked at: what is kept on purpose is filled by then. */
const WARM = 180;
/** Milliseconds from poll to poll: each is painted before the next. */
const APART = 60;

/** What a page holds after everything that can be let go was let go. */
async function held(page: Page, session: CDPSession): Promise<Record<string, number>> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters');
  const wasm = await page.evaluate(() => (window as Window & { wasmBytes?: () => number }).wasmBytes?.() ?? 0);
  return { heap: usedSize, nodes, listeners: jsEventListeners, wasm };
}

/** Lets the page tell how large the memory of its WebAssembly is. */
function keepMemory(): void {
  const original = WebAssembly.instantiateStreaming;
  WebAssembly.instantiateStreaming = async (source, imports) => {
    const result = await original.call(WebAssembly, source, imports);
    const memory = result.instance.exports['memory'] as WebAssembly.Memory;
    (window as Window & { wasmBytes?: () => number }).wasmBytes = () => memory.buffer.byteLength;
    return result;
  };
}

test.describe('busy', () => {
  test.use({ story: 'bluegreen-deploy' });

  test('an hour of deployments', async ({ page, windsock }) => {
    const list = (await windsock.control('GET', '/_story/list')) as { facts: { app: string }[] };
    const { steps } = await windsock.jump(0);
    await page.addInitScript(keepMemory);
    await signIn(page);
    await gotoLive(page, `/apps/${list.facts[0]!.app}`);
    await waitUntilLive(page);
    const session = await page.context().newCDPSession(page);
    await session.send('HeapProfiler.enable');
    const points = [];
    let polls = 0;
    const last = page.locator('[data-part="status"], [data-instance]').first();
    for (let round = 1; polls < POLLS; round++) {
      for (let step = 1; step <= steps + 1; step++) {
        const start = performance.now();
        await windsock.jump(step > steps ? 0 : step);
        await windsock.poll();
        polls++;
        await pause(Math.max(0, start + APART - performance.now()));
      }
      await expect(last).toBeVisible();
      // The tints of the last changes fade.
      await pause(400);
      if (polls >= WARM) points.push({ round, polls, ...(await held(page, session)) });
    }
    leave('busy', { steps, points });
  });
});
