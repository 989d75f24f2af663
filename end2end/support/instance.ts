// The instances of the story that most tests play, and what their pages say.
import type { Page } from '@playwright/test';
import { FAILING, HEALTHY, INSTANCE } from './story.ts';

/** The machines of the healthy app, in the order of its table. */
export const MACHINES = [
  '3d8d9014b32e68',
  '5683ddd7c69448',
  'e286065f969386',
  '91857156b526d8',
  '148e21ea7d4989',
  '7811d6ea421098',
];

export function machinePage(id: string): string {
  return `/apps/${HEALTHY}/machines/${id}`;
}

/** The instance whose deployment fails, of the Nomad era. */
export const ALLOCATION_PAGE = `/apps/${FAILING}/machines/${INSTANCE}`;

/** All that the page says of its instance. Ages tick by themselves, so of an instant its exact time is taken. */
export async function readInstance(page: Page): Promise<string> {
  return page.getByRole('main').evaluate((main) => {
    const copy = main.cloneNode(true) as Element;
    for (const control of copy.querySelectorAll('button, .needs-no-script')) control.remove();
    for (const time of copy.querySelectorAll('time')) time.replaceWith(time.getAttribute('datetime') ?? '');
    for (const cell of copy.querySelectorAll('td, th, h2, p')) cell.append(' | ');
    return (copy.textContent ?? '').replace(/\s+/g, ' ').trim();
  });
}
