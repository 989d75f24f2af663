// What holds of every page in every state on a desktop: axe finds nothing in either theme, and nothing
// scrolls sideways at any width.
import { expect, test } from './fixtures.ts';
import { expectNothingFound } from './support/axe.ts';
import { EXPECTED_ON_THE_WAY, PLACES } from './support/places.ts';

/** Around the widths at which the layout changes, and the narrowest of WCAG 2.2 (1.4.10). */
const WIDTHS = [1280, 1180, 1024, 861, 860, 700, 600, 320];

test.use({ viewport: { width: 1280, height: 800 }, expectedErrors: EXPECTED_ON_THE_WAY });

for (const place of PLACES) {
  test.describe(place.name, () => {
    test.use({ story: place.story });

    test('axe finds nothing in either theme, and nothing scrolls sideways', async ({ page, windsock }) => {
      // axe looks at each of a hundred rows.
      test.slow(place.story === 'small-fleet');
      await place.go(page, windsock);
      for (const colorScheme of ['light', 'dark'] as const) {
        await test.step(`axe, ${colorScheme}`, async () => {
          await page.emulateMedia({ colorScheme });
          await expectNothingFound(page);
        });
      }
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 800 });
        const content = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(content, `at ${width}`).toBeLessThanOrEqual(width);
      }
    });
  });
}
