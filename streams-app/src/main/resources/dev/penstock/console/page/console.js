// The page: asks the instance every two seconds and shows what it says.

import { el, byId, setText, render, forget, table, chip, bar, ask, ago, tick, count, rate, percent, money, millis, seconds, bytes } from './parts.js';
import * as charts from './charts.js';
import * as dialogs from './dialogs.js';

const EVERY_MS = 2000;
const chosen = new Set();
const unfolded = new Set();
let verdict = '';
let lastAnswer = Date.now();
let state = null;

// ---- at a glance

function answer(name, kind, big, unit, small) {
  byId('a-' + name).closest('.card').className = 'card answer ' + kind;
  setText('a-' + name, big, el('span', { class: 'unit' }, unit ? ' ' + unit : ''));
  setText('s-' + name, small);
}

function healthy({ health, targets }) {
  const open = targets.filter((target) => target.takes === 'open' || target.takes === 'busy').length;
  const unwell = targets.filter((target) => target.breaker !== 'closed' || !['open', 'rate_limited'].includes(target.gate)).length;
  const said = open + ' of ' + targets.length + (targets.length === 1 ? ' target takes calls' : ' targets take calls') + ' · streams ' + (health.checks.streams ?? health.checks.pipeline ?? '?').toLowerCase();
  if (!health.live) return ['bad', 'Down', 'only a restart helps · ' + said];
  if (!health.ready) return ['warn', 'Not ready', (health.checks.restore ?? 'starting') + ' · ' + said];
  if (targets.length && open === 0) return ['bad', 'No target', said];
  return unwell ? ['warn', 'Degraded', unwell + (unwell === 1 ? ' target is' : ' targets are') + ' held back · ' + said] : ['good', 'Healthy', said];
}

function glance(now) {
  const [kind, word, said] = healthy(now);
  answer('healthy', kind, word, '', said);
  if (verdict && verdict !== word) {
    byId('announce').textContent = 'Now: ' + word;
  }
  verdict = word;
  document.title = (kind === 'good' ? '' : word + ' · ') + 'Penstock console';

  const { samples, work } = now;
  const flow = samples.answered.length ? samples.answered.at(-1) : null;
  if (flow !== null) {
    answer('flowing', 'plain', rate(flow), 'answers/s', 'p95 ' + millis(samples.p95.at(-1)) + ' · ' + count(work.in_flight) + ' in flight · ' + count(work.answered) + ' since the start');
  }
  const stuck = work.parked > 0 || work.intake_closed > 0;
  answer('stuck', stuck ? (work.oldest_parked_seconds > 600 || work.intake_closed > 0 ? 'bad' : 'warn') : 'good',
    stuck ? (work.parked > 0 ? count(work.parked) : 'Intake closed') : 'Nothing', work.parked > 0 ? 'parked' : '',
    (work.parked > 0 ? 'oldest ' + seconds(work.oldest_parked_seconds) + ' · ' : '') + count(work.queued) + ' queued' + (work.intake_closed > 0 ? ' · intake of ' + work.intake_closed + ' partitions closed' : ''));
  spending(now);
}

function spending({ budgets, tokens }) {
  const used = count(tokens.input) + ' tokens in, ' + count(tokens.output) + ' out since the start';
  if (!budgets.enabled) {
    answer('spending', 'plain', count(tokens.input + tokens.output), 'tokens', 'budgets are off · ' + used);
    return;
  }
  const first = budgets.rows[0];
  const share = first ? most(first) : null;
  if (!first || share === null) {
    answer('spending', 'plain', first ? first.tenant : 'Nobody', first?.used_usd !== undefined ? money(first.used_usd) : '', used);
  } else {
    answer('spending', ofState(first.state), first.tenant, percent(share) + ' of the ' + first.window, used);
  }
}

const most = (row) => row.percent_usd === undefined && row.percent_tokens === undefined || row.percent_usd === null && row.percent_tokens === null
  ? null : Math.max(row.percent_usd ?? 0, row.percent_tokens ?? 0);
const ofState = (name) => name === 'exceeded' || name === 'exhausted' ? 'bad' : name === 'warning' ? 'warn' : 'good';

// ---- in detail

function work(now) {
  const rows = [
    ['In flight', count(now.in_flight) + ' of ' + count(now.permits)],
    [null, bar([[now.permits ? now.in_flight / now.permits * 100 : 0]])],
    ['Queued', count(now.queued)],
    ['Parked', count(now.parked)],
    ['Oldest parked', now.parked > 0 ? seconds(now.oldest_parked_seconds) : '–'],
    ['Not read yet', count(now.lag) + ' records'],
    ['Intake closed', now.intake_closed > 0 ? chip(now.intake_closed + ' partitions', 'warn') : 'no']];
  return el('dl', {}, rows.flatMap(([name, value]) => name === null
    ? [el('dd', { class: 'bar-row' }, value)] : [el('dt', {}, name), el('dd', {}, value)]));
}

const BREAKER = { closed: ['closed', 'good'], ramping_up: ['ramping up', 'warn'], half_open: ['half open', 'warn'], open: ['open', 'bad'] };
const GATE = { open: ['open', 'good'], one_at_a_time: ['one at a time', 'warn'], rate_limited: ['rate limited', 'warn'], throttled: ['throttled', 'warn'], spend_capped: ['spend capped', 'bad'], credentials: ['key refused', 'bad'] };

function targets(list) {
  if (list.length === 0) {
    return el('p', { class: 'empty' }, 'None yet: the instance is starting.');
  }
  const named = (names, name) => chip(...(names[name] ?? [name, '']));
  return table('Targets', [['Target'], ['Takes calls'], ['Breaker'], ['Gate'], ['At once', 'num'], ['Attempts', 'num'], ['Not answered', 'num']],
    el('tbody', {}, list.map((one) => el('tr', {},
      el('td', { class: 'strong' }, one.name),
      el('td', {}, one.takes === 'open' ? 'yes' : one.takes === 'busy' ? 'full' : el('span', {}, 'no, again ', ago(one.takes))),
      el('td', {}, named(BREAKER, one.breaker)),
      el('td', {}, named(GATE, one.gate)),
      el('td', { class: 'num' }, count(one.used) + ' of ' + count(one.limit)),
      el('td', { class: 'num' }, count(one.attempts)),
      el('td', { class: 'num' }, one.attempts > 0 ? count(one.failed) + ' (' + percent(one.failed / one.attempts * 100) + ')' : '0')))));
}

function cache(now) {
  const looked = now.hits + now.misses;
  const rows = [
    ['Cache hit rate', looked > 0 ? percent(now.hits / looked * 100) : '–'],
    [null, bar([[looked > 0 ? now.hits / looked * 100 : 0]])],
    ['Answered from the cache', count(now.hits)],
    ['Coalesced with a call in flight', count(now.coalesced)],
    ['Duplicates', count(now.duplicates)],
    ['Answers kept', count(now.entries) + ', ' + bytes(now.bytes)]];
  return el('dl', {}, rows.flatMap(([name, value]) => name === null
    ? [el('dd', { class: 'bar-row' }, value)] : [el('dt', {}, name), el('dd', {}, value)]));
}

function budgets(now) {
  if (!now.enabled) {
    return el('p', { class: 'empty' }, 'Budgets are off, so nobody is held to a limit and spend is not counted by tenant. ', el('code', {}, 'budgets.enabled: true'), ' switches them on.');
  }
  if (now.rows.length === 0) {
    return el('p', { class: 'empty' }, now.status === 'current' ? 'No tenant has spent anything in the current periods.' : 'Budgets: ' + now.status + ' …');
  }
  const left = now.count - now.rows.length;
  return [table('Tenants, those nearest to a limit first', [['Tenant'], ['Period'], ['State'], ['Of the limit'], ['Used', 'num'], ['Held', 'num'], ['Limit', 'num'], ['Resets']],
    el('tbody', {}, now.rows.map(budget))),
  left > 0 || now.more ? el('p', { class: 'muted small' }, 'and ' + left + (now.more ? ' or more' : '') + ' others further from a limit; penstock budgets lists all') : null].filter(Boolean);
}

function budget(row) {
  const byTokens = row.limit_usd === undefined || row.limit_usd === null;
  const used = byTokens ? row.used_tokens : row.used_usd;
  const held = byTokens ? row.reserved_tokens : row.reserved_usd;
  const limit = byTokens ? row.limit_tokens : row.limit_usd;
  const text = (n) => byTokens ? count(n) + ' tok' : money(n);
  const share = limit > 0 ? [[used / limit * 100], [held / limit * 100, true]] : null;
  const kind = ofState(row.state);
  return el('tr', {},
    el('td', { class: 'strong cut', title: row.tenant }, row.tenant),
    el('td', {}, row.window),
    el('td', {}, chip(row.state, kind)),
    el('td', { class: 'meter' }, share ? [el('span', {}, percent((used + held) / limit * 100)), bar(share, kind === 'good' ? '' : kind)] : 'no limit'),
    el('td', { class: 'num' }, text(used)),
    el('td', { class: 'num' }, text(held)),
    el('td', { class: 'num' }, limit ? text(limit) : '–'),
    el('td', {}, ago(row.resets_at)));
}

// ---- dead letters

function deadLetters({ letters, readOnly }) {
  if (letters.by_code.length === 0) {
    return el('p', { class: 'empty' }, letters.status === 'current' ? 'None.' : 'Dead letters: ' + letters.status + ' …');
  }
  const heads = [['Code'], ['Recent', 'num'], ['May be replayed', 'num'], ['Since the start', 'num'], ['Last'], ['Examples', 'hide']];
  return table('Dead letters by code', readOnly ? heads : [['Choose', 'hide'], ...heads],
    letters.by_code.map((one) => byCode(one, letters.since_start[one.code] ?? 0, readOnly)));
}

function byCode(one, since, readOnly) {
  const open = unfolded.has(one.code);
  const last = one.examples[0];
  const detail = 'examples-' + one.code.replace(/[^a-z_]/g, '-');
  const choose = el('input', { type: 'checkbox', 'data-key': 'choose ' + one.code, 'aria-label': 'Choose ' + one.code,
    disabled: one.retryable === 0, onchange: (event) => {
      event.target.checked ? chosen.add(one.code) : chosen.delete(one.code);
      replayButton();
    } });
  choose.checked = chosen.has(one.code);
  const fold = el('button', { type: 'button', class: 'mini', 'data-key': 'fold ' + one.code, 'aria-expanded': String(open), 'aria-controls': detail,
    'aria-label': 'Examples of ' + one.code, onclick: () => {
      open ? unfolded.delete(one.code) : unfolded.add(one.code);
      again();
    } }, open ? 'Hide' : 'Examples');
  return el('tbody', {},
    el('tr', {},
      readOnly ? null : el('td', {}, choose),
      el('td', {}, el('strong', {}, one.code), el('span', { class: 'muted small' }, last?.meaning ?? '')),
      el('td', { class: 'num' }, count(one.count)),
      el('td', { class: 'num' }, count(one.retryable)),
      el('td', { class: 'num' }, count(since)),
      el('td', {}, last ? ago(last.written_at) : '–'),
      el('td', { class: 'num' }, fold)),
    el('tr', { id: detail, hidden: !open }, el('td', { colspan: readOnly ? '6' : '7' }, open ? examples(one, readOnly) : '')));
}

function examples(one, readOnly) {
  return el('div', { class: 'examples' },
    el('p', { class: 'remedy' }, one.examples[0]?.remedy ?? ''),
    table('The last examples of ' + one.code, [['Written'], ['Tenant'], ['custom_id'], ['Detail'], ['Actions', 'hide']],
      el('tbody', {}, one.examples.map((example) => el('tr', {},
        el('td', {}, ago(example.written_at)),
        el('td', { class: 'cut' }, example.tenant ?? '?'),
        el('td', { class: 'cut mono', title: example.custom_id ?? '' }, example.custom_id ?? '?'),
        el('td', {}, example.detail ?? ''),
        el('td', {}, el('div', { class: 'actions' },
          mini('Show', 'show', example.id, () => dialogs.letter(example.id, readOnly)),
          example.request_id ? mini('Trace', 'trace', example.id, () => dialogs.trace(example.request_id, '', example.tenant ?? '')) : null,
          readOnly || !example.retryable ? null : mini('Replay…', 'replay', example.id, () => replay({ ids: [example.id] }, example.id)))))))));
}

const mini = (name, key, id, onclick) => el('button', { type: 'button', class: 'mini', 'data-key': key + ' ' + id, 'aria-label': name.replace('…', '') + ' ' + id, onclick }, name);

function replay(selection, what) {
  dialogs.replay(selection, what, (text) => {
    byId('announce').textContent = text;
    chosen.clear();
    again();
  });
}

function replayButton() {
  byId('replay').hidden = state.read_only;
  byId('replay').disabled = chosen.size === 0;
  setText('replay-note', state.read_only ? 'Read-only: console.token is not set' : '');
}

function again() {
  forget('dead');
  show(state);
}

// ---- all

function show(now) {
  glance(now);
  setText('instance', now.instance + ' · ' + now.version + ' · up ' + seconds(now.up_seconds));
  byId('mode').hidden = !now.read_only;
  setText('mode', 'read-only');
  render('work', now.work, work);
  render('targets', now.targets, targets);
  render('cache', now.cache, cache);
  render('budgets', now.budgets, budgets);
  render('dead', { letters: now.dead_letters, readOnly: now.read_only }, deadLetters);
  setText('dead-note', now.dead_letters.read > 0 ? 'the last ' + count(now.dead_letters.read) + ' on the topic' : '');
  replayButton();
  tick();
}

async function poll() {
  try {
    const now = await ask('api/state?after=' + charts.lastSample(), { patience: 8000 });
    charts.add(now.samples);
    if (now.samples.at.length === 0 && state) {
      now.samples = state.samples;
    }
    state = now;
    lastAnswer = Date.now();
    byId('offline').hidden = true;
    show(now);
  } catch (error) {
    setText('offline', 'No answer from this instance for ' + seconds((Date.now() - lastAnswer) / 1000) + ' (' + error.message + '). What is shown is what it said last.');
    byId('offline').hidden = false;
  }
}

async function live() {
  for (;;) {
    if (!document.hidden) {
      await poll();
    }
    await new Promise((resume) => setTimeout(resume, EVERY_MS));
  }
}

// ---- theme

const THEMES = ['auto', 'light', 'dark'];

function applyTheme(theme) {
  if (theme === 'auto') {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = theme;
  }
  byId('theme').textContent = 'Theme: ' + theme;
}

/** Where the browser keeps nothing for a page, a theme lasts as long as the page. */
function keptTheme() {
  try {
    const theme = localStorage.getItem('theme');
    return THEMES.includes(theme) ? theme : 'auto';
  } catch {
    return document.documentElement.dataset.theme ?? 'auto';
  }
}

function nextTheme() {
  const theme = THEMES[(THEMES.indexOf(keptTheme()) + 1) % THEMES.length];
  try {
    localStorage.setItem('theme', theme);
  } catch {
    // The next page begins with the browser's own again.
  }
  applyTheme(theme);
  charts.redraw();
}

applyTheme(keptTheme());
byId('theme').addEventListener('click', nextTheme);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', charts.redraw);
byId('replay').addEventListener('click', () => replay({ codes: [...chosen] }, [...chosen].join(', ')));
byId('search').addEventListener('submit', (event) => {
  event.preventDefault();
  const id = byId('search-id').value.trim();
  if (id) {
    dialogs.trace(id);
  }
});
document.addEventListener('keydown', (event) => {
  const typing = event.target.closest?.('input, select, textarea, dialog');
  if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    byId('search-id').focus();
  }
});
charts.start();
dialogs.start();
live();
