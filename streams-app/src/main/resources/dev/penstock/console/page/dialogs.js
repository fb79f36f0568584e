// What opens over the page: a trace, a dead letter, a replay.

import { el, byId, ask, ago, bytes, chip, safe } from './parts.js';

/** Kept for this page only; gone when it is left. */
let token = '';
let opened = 0;

export function open(title, ...content) {
  const dialog = byId('dialog');
  byId('dialog-title').textContent = safe(title, 120);
  byId('dialog-body').replaceChildren(...content);
  if (!dialog.open) {
    dialog.showModal();
  }
  return ++opened;
}

export function start() {
  byId('dialog-close').addEventListener('click', () => byId('dialog').close());
  byId('dialog').addEventListener('close', () => {
    opened++;
    byId('dialog-body').replaceChildren();
  });
}

function fill(which, ...content) {
  if (which === opened && byId('dialog').open) {
    byId('dialog-body').replaceChildren(...content.flat());
  }
}

const failed = (error) => el('p', { class: 'error', role: 'alert' }, error.name === 'TimeoutError' ? 'No answer in time.' : error.message);
const labelled = (name, input) => el('label', { class: 'field' }, el('span', { class: 'muted small' }, name), input);

// ---- trace

const RANGES = [['1h', 'the last hour'], ['24h', 'the last day'], ['7d', 'the last week'], ['', 'all that is kept']];

export function trace(id, since = '24h', tenant = '') {
  const which = open('Trace', el('p', { role: 'status' }, 'Reading the topics for ', el('code', {}, safe(id, 120)), ' …'));
  const query = new URLSearchParams({ id });
  if (since) query.set('since', since);
  if (tenant) query.set('tenant', tenant);
  ask('api/trace?' + query, { token }).then(
    (found) => fill(which, again(id, since, tenant), lives(found, since)),
    (error) => fill(which, again(id, since, tenant), failed(error)));
}

function again(id, since, tenant) {
  const range = el('select', { name: 'since' }, RANGES.map(([value, name]) =>
    el('option', { value, selected: value === since }, name)));
  const of = el('input', { name: 'tenant', value: tenant, maxlength: '128', autocomplete: 'off' });
  const name = el('input', { name: 'id', value: id, maxlength: '1000', autocomplete: 'off' });
  return el('form', { onsubmit: (event) => {
    event.preventDefault();
    trace(name.value.trim(), range.value, of.value.trim());
  } },
  labelled('custom_id or request id', name),
  el('div', { class: 'fields' }, labelled('Written in', range), labelled('Tenant, which makes it quicker', of)),
  el('div', { class: 'row' }, el('button', { type: 'submit' }, 'Trace again')));
}

function lives(found, since) {
  const notes = [];
  if (found.traces.length === 0) {
    notes.push(el('p', { class: 'empty', role: 'status' }, since
      ? 'Nothing of that name was written in that time.' : 'Nothing of that name is on the topics any more.'));
  }
  if (found.cut) {
    notes.push(el('p', { class: 'error' }, 'There may be more: reading was ended. Choose a shorter time or a tenant.'));
  }
  return [...notes, ...found.traces.map(life)];
}

function life(one) {
  return el('section', {},
    el('p', {}, el('strong', { class: 'mono' }, one.request_id), el('span', { class: 'muted' }, '  custom_id '),
      el('span', { class: 'mono' }, safe(one.custom_id, 120)), el('span', { class: 'muted' }, '  tenant '), el('span', {}, one.tenant)),
    el('ol', { class: 'timeline' }, one.events.map((event) =>
      el('li', { class: event.event === 'dead letter' ? 'bad' : event.event === 'answered' ? 'good' : null },
        el('span', { class: 'mono muted', title: event.at }, '+' + event.after_ms + ' ms'),
        el('span', { class: 'what' }, event.event),
        el('span', { class: 'detail' }, event.detail, el('span', { class: 'muted mono' }, '  ' + event.where))))));
}

// ---- one dead letter

export function letter(id, readOnly) {
  const which = open('Dead letter', el('p', { role: 'status' }, 'Reading …'));
  ask('api/dead-letter?' + new URLSearchParams({ id }), { token }).then(
    (found) => fill(which, facts(found), prompt(found, readOnly)),
    (error) => fill(which, failed(error)));
}

function facts(one) {
  const rows = [
    ['id', el('code', {}, one.id)], ['request', el('code', {}, one.request_id ?? '?')],
    ['written', ago(one.written_at)], ['tenant', one.tenant ?? '?'], ['custom_id', el('code', {}, one.custom_id ?? '?')],
    ['code', one.code ?? 'not a dead letter of Penstock'], ['meaning', one.meaning ?? ''], ['what to do', one.remedy ?? ''],
    ['detail', one.detail ?? ''], ['attempts', String(one.attempts ?? '?')], ['replayed before', String(one.redrive_count ?? '?')],
    ['may be replayed', one.retryable ? 'yes' : 'no, it fails again'], ['size', bytes(one.bytes)],
    ...(one.outline ?? []).map((row) => [row.name, row.value])];
  return el('dl', { class: 'facts' }, rows.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]));
}

function prompt(one, readOnly) {
  if (readOnly) {
    return el('p', { class: 'muted small' }, 'The prompt is hidden. Whoever has the token of console.token may see it.');
  }
  const place = el('div', {});
  const input = tokenInput();
  return el('form', { onsubmit: async (event) => {
    event.preventDefault();
    try {
      token = input.value;
      const whole = await ask('api/dead-letter?' + new URLSearchParams({ id: one.id, prompt: '' }), { token });
      place.replaceChildren(el('pre', { tabindex: '0' }, document.createTextNode(whole.value ?? 'no value')));
    } catch (error) {
      place.replaceChildren(failed(error));
    }
  } }, el('div', { class: 'fields' }, labelled('Token', input)), el('div', { class: 'row' }, el('button', { type: 'submit' }, 'Show the prompt')), place);
}

function tokenInput() {
  const input = el('input', { type: 'password', name: 'token', autocomplete: 'off', required: true });
  input.value = token;
  return input;
}

// ---- replay

/** @param selection codes and ids @param what in words @param done told when the replay has ended */
export function replay(selection, what, done) {
  const place = el('div', {});
  const of = el('input', { name: 'tenant', maxlength: '128', autocomplete: 'off' });
  const input = tokenInput();
  open('Replay dead letters',
    el('form', { onsubmit: async (event) => {
      event.preventDefault();
      place.replaceChildren(el('p', { role: 'status' }, 'Counting …'));
      try {
        token = input.value;
        const plan = await ask('api/replay/plan', { token, body: { ...selection, tenant: of.value.trim() }, patience: 40000 });
        place.replaceChildren(...confirmation(plan, place, done));
        place.querySelector('button')?.focus();
      } catch (error) {
        place.replaceChildren(failed(error));
      }
    } },
    el('p', {}, 'Sends again, as the requests that they were: ', el('strong', {}, what), '. They are counted first; nothing is sent before you confirm.'),
    el('div', { class: 'fields' }, labelled('Only of this tenant (optional)', of), labelled('Token', input)),
    el('div', { class: 'row' }, el('button', { type: 'submit' }, 'Count'))),
    place);
  input.focus();
}

function confirmation(plan, place, done) {
  const lines = plan.refusals.map((line) => el('li', {}, line));
  const refused = lines.length ? el('ul', { class: 'muted small' }, lines) : null;
  if (plan.to_replay === 0) {
    return [el('p', { role: 'status' }, 'Nothing to replay.'), refused].filter(Boolean);
  }
  const codes = Object.entries(plan.by_code).map(([code, n]) => n + ' ' + code).join(', ');
  const name = plan.to_replay === 1 ? '1 dead letter' : plan.to_replay + ' dead letters';
  const button = el('button', { type: 'button', class: 'primary', id: 'confirm', onclick: async () => {
    button.disabled = true;
    try {
      await ask('api/replay', { token, body: { plan: plan.plan } });
      place.replaceChildren(el('p', { role: 'status' }, 'Replaying …'));
      const end = await ended();
      place.replaceChildren(el('p', { role: 'status' }, chip(end.state, end.state === 'done' ? 'good' : 'bad'), ' ', end.text));
      done(end.text);
    } catch (error) {
      place.replaceChildren(failed(error));
    }
  } }, 'Replay ' + name);
  return [el('p', { role: 'status' }, 'To be sent again: ', el('strong', {}, codes), '.'), refused, button].filter(Boolean);
}

async function ended() {
  for (;;) {
    const { replay } = await ask('api/state?after=' + Date.now());
    if (replay.state !== 'running') {
      return replay;
    }
    await new Promise((resume) => setTimeout(resume, 700));
  }
}
