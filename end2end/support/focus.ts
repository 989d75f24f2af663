// Where the focus is, and whether it can be seen.
import type { Page } from '@playwright/test';

export interface Focused {
  /** What it is called, as the page's text says it. */
  name: string;
  /** Whether an outline of at least two pixels is drawn around it. */
  outlined: boolean;
  /** Whether any of it lies within the window. */
  inWindow: boolean;
}

export async function focused(page: Page): Promise<Focused> {
  return page.evaluate(() => {
    const element = document.activeElement ?? document.body;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    const heard = element.cloneNode(true) as Element;
    for (const part of heard.querySelectorAll('[aria-hidden="true"]')) part.remove();
    const label = element.getAttribute('aria-label') ?? heard.textContent ?? '';
    const labelled = element instanceof HTMLInputElement || element instanceof HTMLSelectElement;
    const name = labelled ? (element.labels?.[0]?.textContent ?? '') : label;
    return {
      name: element === document.body ? '' : name.replace(/\s+/g, ' ').trim(),
      outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
      inWindow: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    };
  });
}

/** Presses Tab until the focus leaves the page's content again; returns each stop on the way. */
export async function tabThrough(page: Page, most: number): Promise<Focused[]> {
  const stops: Focused[] = [];
  for (let stop = 0; stop < most; stop++) {
    await page.keyboard.press('Tab');
    const here = await focused(page);
    if (here.name === '') break;
    stops.push(here);
  }
  return stops;
}
