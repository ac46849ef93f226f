// SPDX-License-Identifier: Apache-2.0
// The fleet at a glance: figures, agents that are late, who uses most, hosts.

import { ask, askAll } from './api.js';
import { h } from './dom.js';
import { figure } from './format.js';
import { hostTable } from './hosts.js';
import { lateNotice, setUp } from './notices.js';
import { bar, tile, usageTiles } from './parts.js';
import { link, rangeNames, times } from './state.js';

/** Of these meters' sums: counters, or what an agent made of them itself. */
const rates = (...meters) => [
  { meter: meters, aggregate: 'rate' }, { meter: meters.map((meter) => `${meter}.rate`), aggregate: 'mean' },
];
const mean = (meter) => ({ meter: [meter], aggregate: 'mean' });
const tops = [
  { title: 'CPU', unit: '%', whole: 100, choices: [mean('cpu_util')] },
  { title: 'Memory', unit: 'MiB', choices: [mean('memory.usage'), mean('memory.resident')] },
  { title: 'Disk', unit: 'B/s', choices: rates('disk.device.read.bytes', 'disk.device.write.bytes') },
  { title: 'Network', unit: 'B/s', choices: rates('network.incoming.bytes', 'network.outgoing.bytes') },
];

async function loadTop(top, span, signal) {
  const [start, end] = span.map((at) => (at / 1000).toFixed(0));
  for (const choice of top.choices) {
    const reply = await ask('/v1/top', { ...choice, start, end, limit: 5 }, signal);
    if (reply.instances.length) return { ...top, meter: choice.meter.join(' + '), instances: reply.instances };
  }
  return { ...top, meter: top.choices[0].meter.join(' + '), instances: [] };
}

export async function load(state, signal) {
  const span = times(state);
  const [hosts, ...found] = await Promise.all([
    askAll('/v1/hosts', 'hosts', {}, 10_000, signal), ...tops.map((top) => loadTop(top, span, signal)),
  ]);
  return { hosts, tops: found, intervals: hosts.hosts.map((host) => host.interval_seconds) };
}

function sum(hosts, key) {
  const values = hosts.map((host) => host[key]).filter((value) => value !== null);
  return values.length ? values.reduce((a, b) => a + b, 0) : null;
}

export function draw(state, { hosts: reply, tops }) {
  const { hosts, now } = reply;
  if (!hosts.length) return setUp();
  const [instances, late] = [sum(hosts, 'instances'), hosts.filter((host) => host.late_seconds > 0).length];
  const quiet = sum(hosts, 'late_instances');
  const heard = hosts.filter((host) => host.late_seconds === 0);
  const usage = Object.fromEntries(['vcpus', 'busy_vcpus', 'memory_mib', 'used_memory_mib', 'disk_bytes_per_second',
    'network_bytes_per_second'].map((key) => [key, sum(heard, key)]));
  return [
    h('h1', { class: 'hidden' }, 'Overview'),
    lateNotice(state, hosts, now),
    h('dl', { class: 'tiles' },
      tile('Hosts', String(hosts.length), late ? `${late} late` : 'none late'),
      tile('Instances', String(instances), quiet ? `${quiet} silent` : 'all heard of'),
      usageTiles(usage)),
    h('section', { 'aria-labelledby': 'top-title' },
      h('h2', { id: 'top-title' }, 'Top consumers', h('small', null,
        state.range === 'custom' ? ' over the time chosen' : ` over the last ${rangeNames[state.range]}`)),
      h('div', { class: 'tops' }, tops.map((top) => drawTop(state, top)))),
    h('section', { 'aria-labelledby': 'hosts-title' },
      h('h2', { id: 'hosts-title' }, 'Hosts'), hostTable(state, hosts, now)),
  ];
}

function drawTop(state, top) {
  const whole = top.whole ?? top.instances[0]?.value;
  return h('section', { class: 'card top', 'data-key': top.title, 'aria-label': `Top consumers of ${top.title}` },
    h('h3', null, top.title, h('small', null, ` ${top.meter}`)),
    top.instances.length
      ? h('ol', null, top.instances.map((row) => h('li', { 'data-key': row.instance_id },
        h('a', { class: 'name', title: row.display_name, href: link(state, 'instances', row.instance_id) },
          row.display_name ?? row.instance_id),
        bar(row.value, whole, figure(row.value, top.unit), Boolean(top.whole)))))
      : h('p', { class: 'empty' }, 'No sample in this time.'));
}
