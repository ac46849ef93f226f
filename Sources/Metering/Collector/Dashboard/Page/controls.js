// SPDX-License-Identifier: Apache-2.0
// What stands above the content: views, and the time that is shown.

import { h, morphChildren } from './dom.js';
import { zone } from './format.js';
import { change, link, rangeNames } from './state.js';

const [nav, bar] = ['nav', 'ranges'].map((id) => document.getElementById(id));
let isCustomOpen = false;

/** Draws the views' links, and the choice of time where the view has one. */
export function controls(state) {
  const here = (view) => state.view === view || (view === '' && !['hosts', 'instances'].includes(state.view));
  morphChildren(nav, h('div', null, [['', 'Overview'], ['hosts', 'Hosts'], ['instances', 'Instances']].map(([view, label]) =>
    h('a', { href: link(state, view), 'aria-current': here(view) ? (state.id ? 'true' : 'page') : null }, label))));
  const hasTime = !(state.view === 'instances' && !state.id) && !(state.view === 'hosts' && !state.id);
  bar.hidden = !hasTime;
  morphChildren(bar, h('div', null,
    h('div', { class: 'ranges', role: 'group', 'aria-label': 'Time shown' },
      Object.entries(rangeNames).map(([range, label]) => h('a', {
        href: change(state, { range }), 'aria-current': state.range === range ? 'true' : null,
      }, label)),
      h('button', {
        type: 'button', class: state.range === 'custom' ? 'chosen' : '', 'aria-expanded': String(isCustomOpen),
        'aria-controls': 'custom',
        onclick: () => {
          isCustomOpen = !isCustomOpen;
          controls(state);
          if (isCustomOpen) document.getElementById('from').focus();
        },
      }, state.range === 'custom' ? `${local(state.from)} to ${local(state.to)}`.replaceAll('T', ' ') : 'Custom…')),
    state.id && h('label', { class: 'tables' }, h('input', {
      type: 'checkbox', checked: state.tables || null,
      onchange: (event) => { location.replace(change(state, { tables: event.currentTarget.checked })); },
    }), 'Tables'),
    h('span', { class: 'soft zone' }, `Times of ${zone}`),
    isCustomOpen && h('form', { id: 'custom', class: 'custom', onsubmit: (event) => choose(event, state) },
      moment('from', 'From', state.from ?? ago(3600)), moment('to', 'To', state.to ?? ago(0)),
      h('button', { type: 'submit' }, 'Show'))));
  const box = bar.querySelector('.tables input');
  if (box) box.checked = state.tables;
}

function choose(event, state) {
  event.preventDefault();
  const { from, to } = event.currentTarget.elements;
  to.setCustomValidity(to.value > from.value ? '' : 'The end has to be after the beginning.');
  if (!to.reportValidity()) {
    to.oninput = () => to.setCustomValidity('');
    return;
  }
  isCustomOpen = false;
  location.hash = change(state, { range: 'custom', from: utc(from.value), to: utc(to.value) });
}

function moment(id, label, text) {
  return [
    h('label', { for: id }, label),
    h('input', { id, type: 'datetime-local', step: 1, required: true, value: local(text) }),
  ];
}

const utc = (text) => new Date(text).toISOString().slice(0, 19);
const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString().slice(0, 19);
function local(text) {
  const time = new Date(`${text}Z`);
  return new Date(time - time.getTimezoneOffset() * 60e3).toISOString().slice(0, 19);
}
