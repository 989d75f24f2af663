// One page with all pictures, to look them through.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { FOLDER } from './folder.ts';

const KINDS = ['desktop-light', 'desktop-dark', 'phone-light', 'phone-dark'];

export default function sheet(): void {
  const names = new Set(KINDS.flatMap((kind) => (existsSync(`${FOLDER}/${kind}`) ? readdirSync(`${FOLDER}/${kind}`) : [])));
  const rows = [...names].sort().map((name) => {
    const pictures = KINDS.map((kind) => `<a href="${kind}/${name}"><img src="${kind}/${name}" alt="${kind}" loading="lazy"></a>`);
    return `<h2>${name.replace('.png', '').replaceAll('-', ' ')}</h2><p>${pictures.join('')}</p>`;
  });
  const style = 'body{font:14px sans-serif}p{display:flex;gap:8px;align-items:start}img{max-height:480px;border:1px solid gray}';
  writeFileSync(`${FOLDER}/index.html`, `<!doctype html><meta charset="utf-8"><title>Pictures</title><style>${style}</style>${rows.join('\n')}`);
}
