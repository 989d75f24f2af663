// The keys of the page. Which there are, what each is about and what it does stands in the help dialog
// that the server rendered (app/src/keyboard.rs): what it lists is what works.

/** How long after the first key of two the second still belongs to it, in milliseconds. */
const PATIENCE = 1500;
const FIELDS = 'input, select, textarea, [contenteditable]';

/** @type {HTMLDialogElement | null} */
const help = document.querySelector('dialog#keys');
/** @type {NodeListOf<HTMLElement> | undefined} */
const listed = help?.querySelectorAll('[data-keys]');
const shortcuts = [...(listed ?? [])];

/** The key that was begun with, and when. */
let begun = { key: '', at: 0 };

addEventListener('keydown', (event) => {
  const key = keyOf(event);
  if (!key || isTyping(event) || document.querySelector('dialog[open]')) return;
  const second = event.timeStamp - begun.at < PATIENCE;
  const both = shortcutOf(`${begun.key} ${key}`);
  const shortcut = second && begun.key && both ? both : shortcutOf(key);
  const begins = shortcuts.some((one) => one.dataset['keys']?.startsWith(`${key} `));
  begun = begins ? { key, at: event.timeStamp } : { key: '', at: 0 };
  if (shortcut && act(shortcut, event.repeat)) event.preventDefault();
});

/**
 * What was pressed, as the table writes it; nothing where it is not for us. AltGr is how some keyboards
 * type `[`, and no modifier.
 * @param {KeyboardEvent} event
 */
function keyOf(event) {
  if (event.isComposing || event.defaultPrevented) return '';
  const { ctrlKey, metaKey, altKey, key } = event;
  if (['Shift', 'Control', 'Alt', 'AltGraph', 'Meta'].includes(key)) return '';
  if (event.getModifierState('AltGraph')) return key;
  if (ctrlKey !== metaKey && !altKey && !event.shiftKey) return `Mod+${key.toLowerCase()}`;
  return ctrlKey || metaKey || altKey ? '' : key;
}

/** @param {Event} event */
function isTyping(event) {
  return event.target instanceof Element && event.target.closest(FIELDS) !== null;
}

/** @param {string} keys */
function shortcutOf(keys) {
  return shortcuts.find((one) => one.dataset['keys'] === keys);
}

/**
 * Does what the shortcut says; false where the page has nothing that it is about.
 * @param {HTMLElement} shortcut
 * @param {boolean} again Whether the key is being held.
 */
function act(shortcut, again) {
  const at = found(shortcut);
  const what = shortcut.dataset['act'];
  const first = at[0];
  if (!first || what === 'native') return false;
  if (what === 'next') step(at, 1);
  else if (what === 'previous') step(at, -1);
  else if (again) return true;
  else if (what === 'focus') first.focus();
  else if (what === 'press') first.click();
  else if (what === 'help') showHelp();
  return true;
}

/**
 * What a shortcut is about, as far as it can be seen.
 * @param {HTMLElement} shortcut
 * @returns {HTMLElement[]}
 */
function found(shortcut) {
  /** @type {NodeListOf<HTMLElement>} */
  const all = document.querySelectorAll(shortcut.dataset['at'] ?? '');
  return [...all].filter((one) => one === help || one.checkVisibility());
}

/**
 * Puts the focus on the row below or above the one that has it.
 * @param {HTMLElement[]} rows
 * @param {number} by
 */
function step(rows, by) {
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const row = here < 0 ? rows[0] : rows[here + by];
  /** @type {HTMLElement | null | undefined} */
  const stop = row?.querySelector('a[href]') ?? row?.querySelector('button, [tabindex]');
  stop?.focus();
}

function showHelp() {
  for (const one of shortcuts) one.hidden = found(one).length === 0;
  help?.showModal();
}

// Whatever else leads to the help: an entry of the menu, and one of the palette.
addEventListener('click', (event) => {
  if (event.target instanceof Element && event.target.closest('[data-opens="help"]')) showHelp();
});
addEventListener('windsock:help', showHelp);
