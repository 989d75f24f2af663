// Where samples go, and the numbers of a page that only the browser itself knows.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CDPSession, Page } from '@playwright/test';

/** Leaves the samples for `cargo xtask bench`. */
export function leave(name: string, samples: unknown): void {
  const folder = process.env['WINDSOCK_BENCH_OUT'];
  if (!folder) throw new Error('WINDSOCK_BENCH_OUT is not set; run this with `cargo xtask bench`');
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(samples));
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until the page says that it is live, so that what belongs to its first load is over. */
export async function waitUntilLive(page: Page): Promise<void> {
  await page.getByRole('status', { name: 'Connection' }).getByText('Live').waitFor();
}

/** A page's main thread, in seconds of its own processor time: what other processes do does not count. */
export class MainThread {
  readonly #session: CDPSession;

  private constructor(session: CDPSession) {
    this.#session = session;
  }

  static async of(page: Page): Promise<MainThread> {
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    return new MainThread(session);
  }

  async now(): Promise<{ task: number; script: number; layout: number; layouts: number }> {
    const { metrics } = await this.#session.send('Performance.getMetrics');
    const value = (name: string): number => metrics.find((one) => one.name === name)?.value ?? NaN;
    return {
      task: value('TaskDuration'),
      script: value('ScriptDuration'),
      layout: value('LayoutDuration') + value('RecalcStyleDuration'),
      layouts: value('LayoutCount'),
    };
  }
}

/** Bytes that arrive at a page, as they come over the wire, from now on. */
export async function countBytes(page: Page): Promise<() => number> {
  const session = await page.context().newCDPSession(page);
  let bytes = 0;
  session.on('Network.dataReceived', ({ encodedDataLength, dataLength }) => (bytes += encodedDataLength || dataLength));
  await session.send('Network.enable');
  return () => bytes;
}
