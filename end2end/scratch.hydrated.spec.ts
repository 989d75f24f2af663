import { gotoLive, signIn, test } from './fixtures.ts';
import { difference, readPage } from './support/page-state.ts';
import { FAILING_PAGE } from './support/story.ts';
import { writeFileSync } from 'node:fs';
test('dump', async ({ page, windsock }) => {
  await signIn(page);
  await gotoLive(page, FAILING_PAGE);
  let before = await readPage(page);
  const out: unknown[] = [before];
  for (let i = 0; i < 35; i++) {
    const at = await windsock.step();
    await windsock.poll();
    await new Promise((r) => setTimeout(r, 250));
    const after = await readPage(page);
    out.push([at.step, at.now, difference(before, after)]);
    before = after;
  }
  writeFileSync('/tmp/e2e/dump.json', JSON.stringify(out, null, 1));
});
