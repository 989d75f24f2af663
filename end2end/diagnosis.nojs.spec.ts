// Without JavaScript: how the deployment went opens, and all of why it failed reads as text.
import { expect, signIn, test } from './fixtures.ts';
import { FAILING, FAILING_PAGE, LAST_STEP } from './support/story.ts';

test.use({ story: 'failed-deploy-v14' });

test('how the deployment went opens and is chosen by its address', async ({ page, windsock }) => {
  await windsock.jump(LAST_STEP);
  await signIn(page);
  await page.goto(FAILING_PAGE);
  const list = page.getByRole('list', { name: 'How it went' });
  await expect(list).toBeHidden();
  await page.getByText(/^How v14 went: \d+ entries$/).click();
  await expect(list).toContainText('v14 was made by Ryan');
  await page.getByRole('link', { name: 'deployment', exact: true }).click();
  await expect(list).toBeVisible();
  await expect(list).not.toContainText('Restart Signaled');
  await expect(list).toContainText('runs v14 in sjc');
});

test('why it failed is shown as text', async ({ page, windsock }) => {
  await windsock.jump(LAST_STEP);
  await signIn(page);
  await page.goto(FAILING_PAGE);
  await page.getByRole('link', { name: 'Show it as text' }).click();
  await expect(page).toHaveURL(new RegExp(`${FAILING_PAGE}/diagnosis.md$`));
  await expect(page.locator('body')).toContainText(`## ${FAILING}: Why v14 failed`);
});

test('who is signed out is led to the sign-in page, and back to the text', async ({ page }) => {
  await page.goto(`${FAILING_PAGE}/diagnosis.md`);
  await expect(page).toHaveURL(/\/sign-in\?next=/);
});
