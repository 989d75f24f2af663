// axe finds nothing on any page in any state, in the dark theme.
import { test } from './fixtures.ts';
import { expectNothingFound } from './support/axe.ts';
import { EXPECTED_ON_THE_WAY, PLACES } from './support/places.ts';

test.use({ expectedErrors: EXPECTED_ON_THE_WAY });

for (const place of PLACES) {
  test(`axe finds nothing on ${place.name}, in dark`, async ({ page, windsock }) => {
    await place.go(page, windsock);
    await expectNothingFound(page);
  });
}
