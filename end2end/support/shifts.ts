// Layout shifts, as the browser measures them (Layout Instability API).
import type { Page } from '@playwright/test';

interface LayoutShift extends PerformanceEntry {
  value: number;
  sources: { node: Node | null }[];
}
type Observed = Window & { layoutShifts?: string[]; takeLayoutShifts?: () => string[] };

/** Observes from now on; `take` returns what shifted since the last call, each with its score. */
export async function observeShifts(page: Page): Promise<{ take: () => Promise<string[]> }> {
  await page.evaluate(() => {
    const window_: Observed = window;
    const seen: string[] = [];
    const keep = (entries: PerformanceEntryList): void => {
      for (const entry of entries as LayoutShift[]) {
        const what = entry.sources.map(({ node }) => {
          const element = node instanceof Element ? node : node?.parentElement;
          return element ? `${element.tagName.toLowerCase()}.${element.className}` : 'a removed element';
        });
        seen.push(`${entry.value.toFixed(4)}: ${what.join(', ')}`);
      }
    };
    const observer = new PerformanceObserver((list) => keep(list.getEntries()));
    // Not buffered: what happened while the page was loaded is another matter.
    observer.observe({ type: 'layout-shift', buffered: false });
    window_.takeLayoutShifts = () => {
      keep(observer.takeRecords());
      return seen.splice(0);
    };
  });
  return {
    // Two frames: a shift is reported with the frame after the one that painted it.
    take: () =>
      page.evaluate(
        () =>
          new Promise<string[]>((resolve) => {
            requestAnimationFrame(() =>
              requestAnimationFrame(() => resolve((window as Observed).takeLayoutShifts?.() ?? ['not observed'])),
            );
          }),
      ),
  };
}
