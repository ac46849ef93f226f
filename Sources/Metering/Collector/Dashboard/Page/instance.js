// SPDX-License-Identifier: Apache-2.0
// One instance with its plots.

import { ask } from './api.js';
import { h } from './dom.js';
import { duration, figure, instant, none, time, units } from './format.js';
import { copyable, empty, heard, hostLink } from './parts.js';
import { plot } from './plot.js';
import { disk, gauge, granularity, loadAll, network, requests } from './series.js';
import { link, times } from './state.js';

export async function load(state, signal) {
  const span = times(state);
  const since = String(Math.min(span[0] / 1000, Date.now() / 1000 - 86400));
  const reply = await ask('/v1/instances', { instance_id: state.id, since }, signal);
  const instance = reply.instances[0];
  if (!instance) return { intervals: [] };
  const stretch = granularity((span[1] - span[0]) / 1000, instance.interval_seconds);
  const own = [instance.instance_id];
  const parts = instance.resources.filter((id) => id !== instance.instance_id);
  const percent = instance.vcpus ? 1e-7 / instance.vcpus : null;
  const cpu = gauge('used', 'cpu_util');
  // Agents without that meter send the counter that it is made of.
  cpu.choices.push({ meter: 'cpu', aggregate: 'rate', weigh: () => percent });
  const read = (lines, ids) => loadAll(lines, ids, span, stretch, signal);
  const plots = await Promise.all([
    read([cpu], own), read([gauge('used', 'memory.usage'), gauge('resident on the host', 'memory.resident')], own),
    read(disk, parts), read(requests, parts), read(network, parts),
  ]);
  return { instance, now: reply.now, intervals: [instance.interval_seconds], span, stretch, plots };
}

export function title(_, data) {
  return data?.instance?.display_name ?? 'Instance';
}

export function draw(state, data, redraw, announce) {
  const { instance, now, span, stretch, plots } = data;
  if (!instance) {
    return [h('h1', null, 'Instance'), empty('No sample of this instance', h('p', null,
      h('code', null, state.id), ' has none in the time chosen nor in the last 24 hours. ',
      'Choose an earlier time, or look among ',
      h('a', { href: link(state, 'instances') }, 'all instances'), '.'))];
  }
  const fact = (name, ...value) => h('div', null, h('dt', null, name), h('dd', null, value));
  const last = instant(instance.last_sample_timestamp);
  const why = last < span[0]
    ? `No sample in this time; the last came at ${time(last, 86400e3, true)}.` : 'No sample of these meters in this time.';
  const common = { span, stretch, state, empty: why };
  return [
    h('h1', null, instance.display_name ?? instance.instance_id),
    instance.late_seconds > 0 && h('p', { class: 'card alarm' },
      `Nothing has been heard of it since ${time(last, instant(now) - last, true)}: `
      + `it reports every ${duration(instance.interval_seconds)}, and is late by ${duration(instance.late_seconds)}.`),
    h('dl', { class: 'facts' },
      fact('Id', copyable(instance.instance_id, announce)),
      fact('Host', hostLink(state, instance.host)),
      fact('Status', instance.status ?? none),
      fact('Size', `${instance.vcpus ?? '?'} vCPU, ${figure(instance.memory_mib, 'MiB')}`),
      fact('Last sample', heard(instance, now)),
      instance.project_id && fact('Project', copyable(instance.project_id, announce))),
    h('div', { class: 'plots' },
      plot({ id: 'cpu', title: 'CPU utilisation', unit: '%', most: 100, lines: plots[0], ...common }, redraw),
      plot({
        id: 'memory', title: 'Memory', unit: 'MiB', lines: plots[1],
        reference: instance.memory_mib ? { label: 'total', value: instance.memory_mib } : null, ...common,
      }, redraw),
      plot({ id: 'disk', title: 'Disk throughput', unit: 'B/s', lines: plots[2], ...common }, redraw),
      plot({ id: 'requests', title: 'Disk requests', unit: 'request/s', lines: plots[3], ...common }, redraw),
      plot({ id: 'network', title: 'Network throughput', unit: 'B/s', lines: plots[4], ...common }, redraw)),
  ];
}
