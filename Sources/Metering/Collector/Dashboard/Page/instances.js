// SPDX-License-Identifier: Apache-2.0
// Instances by name, to look for one.

import { ask } from './api.js';
import { h } from './dom.js';
import { count } from './format.js';
import { setUp } from './notices.js';
import { empty, instanceColumns, table } from './parts.js';
import { change } from './state.js';

const MOST = 500;

export async function load(state, signal) {
  const reply = await ask('/v1/instances', { search: state.q || null, limit: MOST }, signal);
  return { ...reply, intervals: reply.instances.map((instance) => instance.interval_seconds) };
}

export function draw(state, { instances, total, now }) {
  if (!total && !state.q) return setUp();
  let waiting;
  const go = (text) => location.replace(change(state, { q: text.trim() }));
  return [
    h('h1', null, 'Instances'),
    h('form', {
      class: 'search', role: 'search', onsubmit: (event) => {
        event.preventDefault();
        go(event.currentTarget.elements.q.value);
      },
    },
      h('label', { for: 'q' }, 'Name contains, or id begins with'),
      h('input', {
        id: 'q', name: 'q', type: 'search', value: state.q, autocomplete: 'off', spellcheck: 'false', oninput: (event) => {
          clearTimeout(waiting);
          const field = event.currentTarget;
          waiting = setTimeout(() => go(field.value), 300);
        },
      }),
      h('span', { class: 'soft' }, instances.length < total
        ? `the first ${instances.length} of ${total.toLocaleString('en')}; name some to narrow it`
        : count(total, 'instance', 'instances'))),
    instances.length ? table(state, 'Instances', instanceColumns(state, now, true), instances, 'name.up')
      : empty('No instance fits', h('p', null,
        'What is looked for is a part of the display name, in either case, or the beginning of the id.')),
  ];
}
