// What a page asks for.
import type { Page } from '@playwright/test';

/** Collects `METHOD path` of every request that the page makes from now on. */
export function collectRequests(page: Page): string[] {
  const requests: string[] = [];
  page.on('request', (request) => requests.push(`${request.method()} ${new URL(request.url()).pathname}`));
  return requests;
}

/** Resolves when the page has heard of two more polls: whatever follows from the first has happened. */
export async function passes(polls: { poll(): Promise<void> }): Promise<void> {
  await polls.poll();
  await polls.poll();
}
