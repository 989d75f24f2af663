// What an app page says, cell by cell, as one flat object that can be compared with another.
import type { Page } from '@playwright/test';

/** From the name of a cell (`instance e80d7fbd state`, `deployment counts`) to what it says. */
export type PageState = Record<string, string>;

/**
 * Reads all of the page that comes from Fly. A status is its word and, in brackets, the tone of its
 * shape and colour: `Running (good)`. Ages tick by themselves, so of an instant its exact time is
 * taken; the copy buttons and the link state are no data and left out.
 */
export async function readPage(page: Page): Promise<PageState> {
  return page.evaluate(() => {
    const state: Record<string, string> = {};

    const text = (element: Element | null | undefined): string => {
      if (!element) return '';
      const copy = element.cloneNode(true) as Element;
      for (const button of copy.querySelectorAll('button, .needs-no-script')) button.remove();
      for (const status of copy.querySelectorAll('.status')) {
        const tone = [...status.classList].find((name) => name !== 'status');
        status.append(` (${tone})`);
      }
      for (const time of copy.querySelectorAll('time')) time.replaceWith(time.getAttribute('datetime') ?? '');
      for (const period of copy.querySelectorAll('[title^="since "]')) {
        period.replaceWith(period.getAttribute('title') ?? '');
      }
      return (copy.textContent ?? '').replace(/\s+/g, ' ').trim();
    };
    const region = (name: string): Element | undefined =>
      [...document.querySelectorAll('main section')].find((section) => {
        const id = section.getAttribute('aria-labelledby');
        const label = id ? document.getElementById(id)?.textContent : section.getAttribute('aria-label');
        return label === name;
      });
    const put = (name: string, element: Element | null | undefined): void => {
      if (element) state[name] = text(element);
    };

    put('name', document.querySelector('h1'));
    put('health', document.querySelector('[data-part="health"]'));
    put('header', document.querySelector('.app-header .facts'));
    put('notice', document.querySelector('[data-part="source"]'));

    const deployment = region('Deployment status');
    put('deployment version', deployment?.querySelector('.version'));
    put('deployment status', deployment?.querySelector('[data-part="status"]'));
    put('deployment counts', deployment?.querySelector('[data-part="counts"]'));
    put('deployment facts', deployment?.querySelector('.deployment-facts'));
    const bar = deployment?.querySelector('[role="img"]');
    if (bar) state['deployment bar'] = bar.getAttribute('aria-label') ?? '';

    const diagnosis = region('Diagnosis');
    put('diagnosis heading', diagnosis?.querySelector('h2'));
    put('diagnosis explanation', diagnosis?.querySelector(':scope > p'));
    diagnosis?.querySelectorAll('.finding').forEach((finding, index) => {
      put(`finding ${index + 1}`, finding.querySelector('.headline'));
      put(`finding ${index + 1} evidence`, finding.querySelector('.evidence'));
      put(`finding ${index + 1} advice`, finding.querySelector('.advice'));
    });
    put('diagnosis log', diagnosis?.querySelector('.log'));

    for (const row of document.querySelectorAll('[data-instance]')) {
      const id = row.getAttribute('data-instance') ?? '';
      for (const cell of row.querySelectorAll('[data-cell]')) {
        put(`instance ${id} ${cell.getAttribute('data-cell')}`, cell);
      }
    }
    put('instances empty', region('Instances')?.querySelector('.empty'));
    put('process groups', region('Process groups')?.querySelector('ul'));
    region('Timeline')?.querySelectorAll('li').forEach((release) => {
      put(`release ${release.querySelector('b')?.textContent}`, release);
    });
    return state;
  });
}

/** What differs, as `{cell: [before, after]}`; a cell that is not there is `null`. */
export function difference(before: PageState, after: PageState): Record<string, [string | null, string | null]> {
  const changes: Record<string, [string | null, string | null]> = {};
  for (const cell of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const from = before[cell] ?? null;
    const to = after[cell] ?? null;
    if (from !== to) changes[cell] = [from, to];
  }
  return changes;
}
