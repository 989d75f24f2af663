// Which parts of a page are painted anew, and which cells are tinted.
import type { Page } from '@playwright/test';

type Watched = Window & { takeTouched?: () => Touched };

export interface Touched {
  /** The cells whose content was written. */
  written: string[];
  /** The cells that had the class `changed` for a moment. */
  tinted: string[];
}

/** Watches the cells of the instances from now on; `take` returns what was touched since the last call. */
export async function watchCells(page: Page): Promise<{ take: () => Promise<Touched> }> {
  await page.evaluate(() => {
    const written = new Set<string>();
    const tinted = new Set<string>();
    const note = (record: MutationRecord): void => {
      const node = record.target instanceof Element ? record.target : record.target.parentElement;
      const cell = node?.closest('[data-cell]');
      const name = cell?.getAttribute('data-cell');
      if (!cell || !name) return;
      const tint = record.target === cell && record.attributeName === 'class';
      if (!tint) written.add(name);
      else if (cell.classList.contains('changed')) tinted.add(name);
    };
    const observer = new MutationObserver((records) => records.forEach(note));
    const table = document.querySelector('[data-instance]')?.closest('table');
    if (table) observer.observe(table, { subtree: true, childList: true, characterData: true, attributes: true });
    (window as Watched).takeTouched = () => {
      observer.takeRecords().forEach(note);
      const touched = { written: [...written].sort(), tinted: [...tinted].sort() };
      written.clear();
      tinted.clear();
      return touched;
    };
  });
  return { take: () => page.evaluate(() => (window as Watched).takeTouched?.() ?? { written: [], tinted: [] }) };
}
