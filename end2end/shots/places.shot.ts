// Every page in every state, in both themes and at both sizes: see target/shots/index.html.
import { test } from '../fixtures.ts';
import { EXPECTED_ON_THE_WAY, PLACES } from '../support/places.ts';
import { FOLDER } from './folder.ts';

/** As much of a long page as is worth looking at, in CSS pixels. */
const TALLEST = 3_600;

test.use({ expectedErrors: EXPECTED_ON_THE_WAY });

for (const [place, { name, story, go }] of PLACES.entries()) {
  test.describe(name, () => {
    test.use({ story });

    test('pictures', async ({ page, windsock }, { project }) => {
      await go(page, windsock);
      const file = `${String(place + 1).padStart(3, '0')} ${name.replaceAll(',', '')}`.replaceAll(' ', '-');
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const [width, height] = await page.evaluate(() => [innerWidth, document.documentElement.scrollHeight] as const);
        await page.screenshot({
          path: `${FOLDER}/${project.name}-${colorScheme}/${file}.png`,
          fullPage: true,
          clip: { x: 0, y: 0, width, height: Math.min(height, TALLEST) },
        });
      }
    });
  });
}
