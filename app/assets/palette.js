// The command palette: a field and what the server found for it, as a combobox with a list box. The
// server renders the options (app/src/palette); here they are asked for, walked through and pressed.

/** How long a short message stays, in milliseconds. */
const MOMENT = 3000;

const dialog = part('dialog#palette', HTMLDialogElement);
const field = part('#palette-field', HTMLInputElement);
const list = part('#palette-options', HTMLElement);
const count = part('#palette-count', HTMLElement);
const unreachable = part('#palette-unreachable', HTMLTemplateElement);
const toast = part('#toast', HTMLElement);

let asking = new AbortController();
/** Settled when the list shows what the field asks for. */
let answered = Promise.resolve();

document.addEventListener('click', (event) => {
  if (!(event.target instanceof Element) || !event.target.closest('[data-opens="palette"]')) return;
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  field.value = '';
  dialog.showModal();
  ask();
});

field.addEventListener('input', ask);

field.addEventListener('keydown', (event) => {
  if (event.isComposing) return;
  const by = Number(event.key === 'ArrowDown') - Number(event.key === 'ArrowUp');
  if (by) {
    event.preventDefault();
    choose(chosen() + by);
  }
});

field.form?.addEventListener('submit', (event) => {
  event.preventDefault();
  // Whoever types faster than the server answers means what they typed.
  void answered.then(() => options()[chosen()]?.click());
});

list.addEventListener('click', (event) => {
  const option = event.target instanceof Element ? event.target.closest('[role="option"]') : null;
  if (!(option instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  dialog.close();
  press(option);
});

function ask() {
  asking.abort();
  asking = new AbortController();
  answered = show(asking.signal);
}

/** @param {AbortSignal} signal */
async function show(signal) {
  const query = new URLSearchParams({ part: 'options', q: field.value, at: location.pathname });
  const headers = { 'windsock-session': dialog.dataset['session'] ?? '' };
  try {
    const answer = await fetch(`/palette?${query}`, { headers, signal });
    const text = await answer.text();
    // Anything else comes from something between here and Windsock.
    if (!answer.headers.has('windsock-options')) throw new Error(answer.statusText);
    list.innerHTML = text;
  } catch {
    if (signal.aborted) return answered;
    list.replaceChildren(unreachable.content.cloneNode(true));
  }
  choose(0);
  count.textContent = list.querySelector('[data-count]')?.getAttribute('data-count') ?? '';
}

function options() {
  /** @type {NodeListOf<HTMLElement>} */
  const all = list.querySelectorAll('[role="option"]');
  return [...all];
}

function chosen() {
  return options().findIndex((option) => option.ariaSelected === 'true');
}

/** @param {number} index Beyond either end it begins again at the other. */
function choose(index) {
  const all = options();
  // A list box without options is none.
  list.role = all.length > 0 ? 'listbox' : 'group';
  field.ariaExpanded = String(all.length > 0);
  const at = (index + all.length) % all.length;
  all.forEach((option, place) => (option.ariaSelected = String(place === at)));
  const option = all[at];
  if (option) field.setAttribute('aria-activedescendant', option.id);
  else field.removeAttribute('aria-activedescendant');
  option?.scrollIntoView({ block: 'nearest' });
}

/** @param {HTMLElement} option A link leads where it says by itself. */
function press(option) {
  const { press: selector, usesTheme: theme, does } = option.dataset;
  if (selector) part(selector, HTMLElement).click();
  if (theme) useTheme(theme);
  if (does === 'help') dispatchEvent(new Event('windsock:help'));
  if (does === 'copy-link') void copyLink(option);
}

/** @param {string} theme The button in the bar goes through all of them, and keeps the choice. */
function useTheme(theme) {
  const present = () => document.documentElement.dataset['theme'] ?? 'system';
  for (let tries = 0; tries < 3 && present() !== theme; tries++) part('[data-part="theme"]', HTMLElement).click();
}

/** @param {HTMLElement} option Says in words what became of it: the clipboard may be forbidden. */
async function copyLink(option) {
  const { done = '', refused = '' } = option.dataset;
  try {
    await navigator.clipboard.writeText(location.href);
    say(done);
  } catch {
    say(refused);
  }
}

/** @param {string} text */
function say(text) {
  toast.textContent = text;
  setTimeout(() => {
    if (toast.textContent === text) toast.textContent = '';
  }, MOMENT);
}

/**
 * A part of the page that is there whenever this file is.
 * @template {Element} T
 * @param {string} selector
 * @param {abstract new () => T} type
 * @returns {T}
 */
function part(selector, type) {
  const element = document.querySelector(selector);
  if (!(element instanceof type)) throw new Error(`the page has no ${selector}`);
  return element;
}
