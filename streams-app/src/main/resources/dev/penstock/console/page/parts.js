// Elements, texts and numbers. Whatever comes from outside becomes text here, never markup.

const MOST = 300;

/** One line, bounded, and nothing that a browser might obey or reorder. */
export function safe(value, most = MOST) {
  let text = String(value ?? '').slice(0, most + 1);
  text = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu,
    (c) => '\\u' + c.codePointAt(0).toString(16).padStart(4, '0'));
  return text.length > most ? text.slice(0, most - 1) + '…' : text;
}

/** An element. Children are elements or texts; attributes that are null or false are left out. */
export function el(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name === 'onclick' || name === 'onchange' || name === 'onsubmit') {
      element.addEventListener(name.slice(2), value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined)
    .map((child) => child instanceof Node ? child : safe(child)));
  return element;
}

export const byId = (id) => document.getElementById(id);

export function setText(id, ...children) {
  byId(id).replaceChildren(...children.map((child) => child instanceof Node ? child : safe(child)));
}

const shown = new Map();

/** Builds a part anew only when its data changed, and leaves the focus where it was. */
export function render(id, data, build) {
  const json = JSON.stringify(data);
  if (shown.get(id) === json) {
    return;
  }
  shown.set(id, json);
  const place = byId(id);
  const focused = place.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  place.replaceChildren(...[build(data)].flat());
  if (focused) {
    [...place.querySelectorAll('[data-key]')].find((element) => element.dataset.key === focused)?.focus();
  }
}

/** Makes the next render build anew though the data are the same. */
export function forget(id) {
  shown.delete(id);
}

export function table(caption, heads, bodies) {
  return el('table', {},
    el('caption', { class: 'hidden' }, caption),
    el('thead', {}, el('tr', {}, heads.map(([name, kind]) =>
      el('th', { scope: 'col', class: kind ?? null }, kind === 'hide' ? el('span', { class: 'hidden' }, name) : name)))),
    bodies);
}

export const chip = (text, kind) => el('span', { class: 'chip ' + (kind ?? '') }, text);

/** A bar of shares of a whole, for the eye; the text beside it says the same. */
export function bar(shares, kind) {
  const parts = shares.map(([share, held]) => {
    const part = el('i', { class: held ? 'held' : null });
    part.style.width = Math.max(0, Math.min(100, share)) + '%';
    return part;
  });
  return el('div', { class: 'bar ' + (kind ?? ''), 'aria-hidden': 'true' }, parts);
}

const whole = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export const count = (n) => n >= 100000 ? short.format(n) : whole.format(Math.round(n));
export const rate = (n) => n >= 100 ? whole.format(Math.round(n)) : String(Number(n.toFixed(n >= 10 ? 1 : 2)));
export const percent = (n) => (n >= 10 || n === 0 ? n.toFixed(0) : n.toFixed(1)) + ' %';
export const money = (n) => '$' + n.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: n < 1 ? 4 : 2 });
export const millis = (n) => n === null || n === undefined ? '–' : n >= 10000 ? (n / 1000).toFixed(1) + ' s' : whole.format(Math.round(n)) + ' ms';

export function seconds(n) {
  const s = Math.max(0, Math.round(n));
  if (s < 60) return s + ' s';
  if (s < 3600) return Math.floor(s / 60) + ' min ' + (s % 60) + ' s';
  if (s < 86400) return Math.floor(s / 3600) + ' h ' + Math.floor(s % 3600 / 60) + ' min';
  return Math.floor(s / 86400) + ' d ' + Math.floor(s % 86400 / 3600) + ' h';
}

export function bytes(n) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let i = 0;
  for (; n >= 1024 && i < units.length - 1; i++) n /= 1024;
  return (i === 0 ? n : n.toFixed(1)) + ' ' + units[i];
}

/** How long ago; kept up to date by tick(). */
export function ago(iso) {
  const element = el('time', { datetime: iso, title: iso });
  tell(element);
  return element;
}

export function tick() {
  document.querySelectorAll('time[datetime]').forEach(tell);
}

function tell(element) {
  const gone = (Date.now() - Date.parse(element.dateTime)) / 1000;
  element.textContent = gone < 0 ? 'in ' + seconds(-gone) : seconds(gone) + ' ago';
}

/** Asks this instance. Fails with what it answered, in words. */
export async function ask(path, { token, body, patience = 20000 } = {}) {
  const headers = {};
  if (token) headers.Authorization = 'Bearer ' + token;
  if (body) headers['Content-Type'] = 'application/json';
  const answer = await fetch(path, {
    method: body ? 'POST' : 'GET', headers, cache: 'no-store', credentials: 'omit',
    body: body ? JSON.stringify(body) : undefined, signal: AbortSignal.timeout(patience),
  });
  const text = await answer.text();
  let json;
  try {
    json = JSON.parse(text);
  } catch {
    json = { error: text.trim() || 'status ' + answer.status };
  }
  if (!answer.ok) {
    throw new Error(safe(json.error ?? 'status ' + answer.status));
  }
  return json;
}
