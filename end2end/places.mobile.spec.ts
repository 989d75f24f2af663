// What holds of every page in every state on a phone: nothing scrolls sideways, and axe finds nothing.
import { expect, test } from './fixtures.ts';
import { expectNothingFound } from './support/axe.ts';
import { EXPECTED_ON_THE_WAY, PLACES } from './support/places.ts';

test.use({ expectedErrors: EXPECTED_ON_THE_WAY });

for (const place of PLACES) {
  test.describe(place.name, () => {
    test.use({ story: place.story });

    test('nothing scrolls sideways, and axe finds nothing', async ({ page, windsock }) => {
      // axe looks at each of a hundred rows.
      test.slow(place.story === 'small-fleet');
      await place.go(page, windsock);
      const { content, window } = await page.evaluate(() => ({
        content: document.documentElement.scrollWidth,
        window: innerWidth,
      }));
      expect(content).toBeLessThanOrEqual(window);
      expect(window, 'the page is laid out for the width of the phone').toBe(390);
      await expectNothingFound(page);
    });
  });
}
