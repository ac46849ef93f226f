// SPDX-License-Identifier: Apache-2.0
// Shows the view that the address names, and keeps it up to date.

import { Away, NeedsToken, token } from './api.js';
import './theme.js';
import { controls } from './controls.js';
import { h, morphChildren } from './dom.js';
import { duration } from './format.js';
import * as hosts from './hosts.js';
import * as instance from './instance.js';
import * as instances from './instances.js';
import * as overview from './overview.js';
import { empty } from './parts.js';
import { read } from './state.js';

const [main, away, updated, status] = ['main', 'away', 'updated', 'status'].map((id) => document.getElementById(id));
const RETRY = [2, 4, 8, 15];

let state = read();
let data = null;
/** When the last answer came, in milliseconds since 1970. */
let answered = null;
/** Of the last tries, how many failed. */
let failures = 0;
let timer;
let request;

function view() {
  if (state.view === 'hosts') return hosts;
  if (state.view === 'instances') return state.id ? instance : instances;
  return overview;
}

/** Tells those who hear the page. */
function announce(text) {
  status.textContent = text;
}

function paint(...content) {
  morphChildren(main, h('div', null, ...content));
}

function redraw() {
  if (data) paint(view().draw(state, data, redraw, announce));
}

function title() {
  const name = view().title?.(state, data) ?? { '': 'Overview', instances: 'Instances' }[state.view] ?? 'Overview';
  document.title = `${name} · Hypsometer`;
  return name;
}

/** Milliseconds until the next look: about as often as agents report. */
function pause() {
  const known = (data?.intervals ?? []).filter(Boolean);
  return 1000 * Math.min(60, Math.max(2, known.length ? Math.min(...known) : 5));
}

async function refresh(isNew = false) {
  clearTimeout(timer);
  request?.abort();
  const mine = request = new AbortController();
  const shown = state;
  let next;
  try {
    const found = await view().load(shown, mine.signal);
    if (mine !== request) return;
    data = found;
    answered = Date.now();
    if (failures) announce('The collector answers again.');
    failures = 0;
    away.hidden = true;
    main.removeAttribute('aria-busy');
    redraw();
    if (isNew) announce(`${title()}, loaded`); else title();
    next = shown.range === 'custom' ? 60_000 : pause();
  } catch (error) {
    if (mine !== request || error.name === 'AbortError') return;
    main.removeAttribute('aria-busy');
    if (error instanceof NeedsToken) return askForToken(error.message);
    if (error instanceof Away) {
      if (!failures) announce('The collector is away. This page goes on trying.');
      next = 1000 * RETRY[Math.min(failures, RETRY.length - 1)];
      failures += 1;
      away.hidden = false;
      away.replaceChildren(h('strong', null, 'The collector is away: '), `${error.message}. `,
        answered ? `What is shown is from ${duration((Date.now() - answered) / 1000)} ago. ` : '',
        `Next try in ${next / 1000} s. `, h('button', { type: 'button', onclick: () => refresh() }, 'Try now'));
      if (!data) paint(h('p', { class: 'note' }, 'Waiting for the collector…'));
    } else {
      // Our own mistakes as well: better said than hidden.
      paint(empty('This can’t be shown', h('p', null, error.message)));
      if (!error.constructor.name.match(/Refused/)) console.error(error);
      next = 30_000;
    }
  }
  controls(state);
  timer = setTimeout(() => refresh(), next);
}

function askForToken(complaint) {
  data = null;
  paint(h('form', {
    class: 'card token', 'data-key': 'token', onsubmit: (event) => {
      event.preventDefault();
      const text = event.currentTarget.elements.token.value.trim();
      if (!text) return;
      token.set(text);
      paint(h('p', { class: 'note' }, 'Asking the collector…'));
      refresh(true);
    },
  },
  h('h1', null, 'A token is needed'),
  h('p', null, 'This collector answers those who show one of its tokens: a line of the file that its setting ',
    h('code', null, 'token_file'), ' names. It stays in this tab until that is closed.'),
  complaint && h('p', { class: 'late', role: 'alert' }, complaint),
  h('label', { for: 'token' }, 'Token'),
  h('input', {
    id: 'token', name: 'token', type: 'password', autocomplete: 'off', spellcheck: 'false', required: true,
    'aria-invalid': complaint ? 'true' : null,
  }),
  h('button', { type: 'submit' }, 'Show the dashboard')));
  document.getElementById('token').focus();
  updated.textContent = '';
}

// A fragment is a view's address here, so this link moves the focus itself.
document.getElementById('skip').onclick = (event) => {
  event.preventDefault();
  main.focus();
};

addEventListener('hashchange', () => {
  const before = state;
  state = read();
  const isNew = before.view !== state.view || before.id !== state.id;
  if (isNew) {
    data = null;
    main.setAttribute('aria-busy', 'true');
    scrollTo(0, 0);
    main.focus({ preventScroll: true });
  }
  controls(state);
  if (!isNew && before.sort !== state.sort && data) redraw();
  refresh(isNew);
});

// Nobody looks, nobody asks.
document.addEventListener('visibilitychange', () => {
  if (document.hidden) clearTimeout(timer); else refresh();
});

setInterval(() => {
  updated.className = failures ? 'updated is-away' : 'updated';
  const age = answered && data ? `updated ${duration((Date.now() - answered) / 1000)} ago` : '';
  updated.textContent = failures ? 'away' : age;
}, 1000);

controls(state);
refresh(true);
