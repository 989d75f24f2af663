// What a page asks for.
import type { Page } from '@playwright/test';

/** Collects `METHOD path` of every request that the page makes from now on. */
export function collectRequests(page: Page): string[] {
  const requests: string[] = [];
  page.on('request', (request) => requests.push(`${request.method()} ${new URL(request.url()).pathname}`));
  return requests;
}
