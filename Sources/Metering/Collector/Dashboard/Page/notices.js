// SPDX-License-Identifier: Apache-2.0
// What is said before any figure: that agents are late, that nothing has come in.

import { h } from './dom.js';
import { count, duration, instant, time } from './format.js';
import { empty, hostLink } from './parts.js';

function moment(text, now) {
  return h('time', { datetime: `${text}Z` }, time(instant(text), instant(now) - instant(text), true));
}

/** Agents that are late, each with how much. */
export function lateNotice(state, hosts, now) {
  const late = hosts.filter((host) => host.late_seconds > 0).sort((a, b) => b.late_seconds - a.late_seconds);
  if (!late.length) return null;
  return h('section', { class: 'card alarm', 'aria-labelledby': 'late-title' },
    h('h2', { id: 'late-title' }, late.length === 1 ? 'One agent is late' : `${late.length} agents are late`),
    h('ul', null, late.slice(0, 20).map((host) => h('li', { 'data-key': host.host },
      hostLink(state, host.host),
      ` late by ${duration(host.late_seconds)}: it reports every ${duration(host.interval_seconds)}, last at `,
      moment(host.last_sample_timestamp, now),
      host.instances ? `. Its ${count(host.instances, 'instance is', 'instances are')} not in the figures below.` : '.'))),
    late.length > 20 && h('p', null, `and ${late.length - 20} more`));
}

/** How samples come in, where there are none. */
export function setUp() {
  return empty('Nothing has come in yet',
    h('p', null, 'No sample of an instance came in the last 24 hours. To send some, name this collector in the agent’s ',
      h('code', null, 'pipeline.yaml'), ':'),
    h('pre', null, `sources:\n- name: everything\n  meters: ["*"]\n  sinks: [collector]\nsinks:\n- name: collector\n`
      + `  publishers:\n  - ${location.origin}`),
    h('p', null, 'and start it: ', h('code', null, 'hypsometer-polling --config-file hypsometer.conf'),
      '. Where the collector needs tokens, add ', h('code', null, '?token_file=PATH'),
      ' to the address. This page shows samples as soon as they come.'));
}
