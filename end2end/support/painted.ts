// How much of a table is painted: every cell that is written, and every row that comes or goes.
import type { Page } from '@playwright/test';

export interface Painted {
  /** How many different cells were written, by the name of their column. */
  cells: Record<string, number>;
  /** How many times a row was added or removed, or moved. */
  rows: number;
}

type Watching = Window & { takePainted?: () => Painted };

/** Watches what is below an element from now on; `take` tells what was painted since the last call. */
export async function watchPainting(page: Page, selector: string): Promise<{ take: () => Promise<Painted> }> {
  await page.evaluate((selector) => {
    let written = new Set<Element>();
    let rows = 0;
    const isRow = (node: Node): boolean => node instanceof HTMLTableRowElement;
    const note = (record: MutationRecord): void => {
      rows += [...record.addedNodes, ...record.removedNodes].filter(isRow).length;
      const node = record.target instanceof Element ? record.target : record.target.parentElement;
      const cell = node?.closest('[data-cell]');
      // The tint of a change is a class of the cell itself.
      if (cell && !(record.target === cell && record.attributeName === 'class')) written.add(cell);
    };
    const observer = new MutationObserver((records) => records.forEach(note));
    observer.observe(document.querySelector(selector)!, { subtree: true, childList: true, characterData: true, attributes: true });
    (window as Watching).takePainted = () => {
      observer.takeRecords().forEach(note);
      const cells: Record<string, number> = {};
      for (const cell of written) {
        const name = cell.getAttribute('data-cell') ?? '';
        cells[name] = (cells[name] ?? 0) + 1;
      }
      const painted = { cells, rows };
      written = new Set();
      rows = 0;
      return painted;
    };
  }, selector);
  return { take: () => page.evaluate(() => (window as Watching).takePainted!()) };
}
