// Signing in and out as a person does, with scripts or without.
import { expect, type Locator, type Page } from '@playwright/test';

/** A token of the right shape that Fly does not know. */
export const UNKNOWN_TOKEN = 'fo1_not_a_token_of_anybody';
/** A token that may see the app `tidewater-api` and nothing else. */
export const APP_TOKEN = 'fm2_DEMO_app_scoped_not_a_real_token';

export function tokenField(page: Page): Locator {
  return page.getByLabel('Fly token');
}

/** Sends the sign-in form, with this token or with the one that is filled in. */
export async function sendToken(page: Page, token?: string): Promise<void> {
  if (token !== undefined) await tokenField(page).fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

export async function openMenu(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Menu/ }).click();
}

export async function signOut(page: Page): Promise<void> {
  await openMenu(page);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
}
