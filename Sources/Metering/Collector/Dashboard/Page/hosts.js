// SPDX-License-Identifier: Apache-2.0
// All hosts, and one: its agent, its instances and what they do together.

import { askAll } from './api.js';
import { h } from './dom.js';
import { count, duration, figure, units } from './format.js';
import { lateNotice, setUp } from './notices.js';
import {
  empty, heard, heardColumn, hostLink, instanceColumns, rateColumn, shareColumn, table, tile, usageTiles,
} from './parts.js';
import { plot } from './plot.js';
import { disk, gauge, granularity, loadAll, network } from './series.js';
import { link, times } from './state.js';

export function hostTable(state, hosts, now) {
  return table(state, 'Hosts', [
    {
      key: 'host', label: 'Host', value: (row) => row.host,
      cell: (row) => [
        h('span', { class: 'name' }, hostLink(state, row.host)), h('span', { class: 'under narrow' }, heard(row, now)),
      ],
    },
    { key: 'instances', label: 'Instances', isNumber: true, value: (row) => row.instances, cell: (row) => row.instances },
    shareColumn('host-cpu', 'CPU', 'host_cpu_percent', 100, (row) => units['%'](row.host_cpu_percent), 'wide'),
    shareColumn('cpu', 'vCPUs busy', 'busy_vcpus', 'vcpus', (row) => `${row.busy_vcpus.toFixed(1)} of ${row.vcpus ?? '?'}`),
    shareColumn('memory', 'Memory', 'used_memory_mib', 'memory_mib', (row) => units.MiB(row.used_memory_mib), 'wide'),
    rateColumn('disk', 'Disk', 'disk_bytes_per_second'), rateColumn('network', 'Network', 'network_bytes_per_second'),
    {
      key: 'interval', label: 'Reports every', class: 'wide', isNumber: true, value: (row) => row.interval_seconds,
      cell: (row) => row.interval_seconds === null ? '?' : duration(row.interval_seconds),
    },
    heardColumn(now),
  ], hosts, 'host.up');
}

export async function load(state, signal) {
  const all = await askAll('/v1/hosts', 'hosts', {}, 10_000, signal);
  const intervals = all.hosts.map((host) => host.interval_seconds);
  if (!state.id) return { all, intervals };
  const name = state.id === '-' ? '' : state.id;
  const span = times(state);
  const since = String(Math.min(span[0] / 1000, Date.now() / 1000 - 86400));
  // No host's name is empty, which the API takes for no name.
  const found = await askAll('/v1/instances', 'instances', { host: name || null, since, limit: 1000 }, 10_000, signal);
  const instances = found.instances.filter((instance) => instance.host === name);
  const host = all.hosts.find((host) => host.host === name);
  const stretch = granularity((span[1] - span[0]) / 1000, host?.interval_seconds);
  const vcpus = new Map(instances.map((instance) => [instance.instance_id, instance.vcpus]));
  const own = instances.map((instance) => instance.instance_id);
  const parts = instances.flatMap((instance) => instance.resources.filter((id) => id !== instance.instance_id));
  const cpu = gauge('busy', 'cpu_util', (id) => vcpus.get(id) ? vcpus.get(id) / 100 : null);
  cpu.choices.push({ meter: 'cpu', aggregate: 'rate', weigh: () => 1e-9 });
  const memory = gauge('used', 'memory.usage');
  memory.choices.push(...gauge('', 'memory.resident').choices);
  const read = (lines, ids) => loadAll(lines, ids, span, stretch, signal);
  const self = host?.resource_id ? [host.resource_id] : [];
  const plots = await Promise.all([
    read([cpu], own), read([memory], own), read(disk, parts), read(network, parts),
    read([gauge('busy', 'compute.node.cpu.percent')], self), read([gauge('used', 'hardware.memory.used', () => 1 / 1024)], self),
  ]);
  return { all, intervals, name, host, instances, now: found.now, span, stretch, plots };
}

export function title(state) {
  return state.id ? `Host ${state.id === '-' ? 'unknown' : state.id}` : 'Hosts';
}

export function draw(state, data, redraw) {
  if (!data.all.hosts.length && !data.instances?.length) return setUp();
  if (!state.id) {
    const { hosts, now } = data.all;
    return [h('h1', null, 'Hosts'), lateNotice(state, hosts, now), hostTable(state, hosts, now)];
  }
  const { name, host, instances, now, span, stretch, plots } = data;
  if (!instances.length && !plots.slice(4).some(([line]) => line.points.length)) {
    return [h('h1', null, name), empty('No sample of this host in this time', h('p', null,
      'Choose an earlier time, or look among ', h('a', { href: link(state, 'hosts') }, 'all hosts'), '.'))];
  }
  const [common, of] = [{ span, stretch, state, empty: 'No sample in this time.' }, instances.length];
  const chart = (id, title, unit, lines, more) => plot({ id, title, unit, lines, ...more, ...common }, redraw);
  return [
    h('h1', null, name || 'Host unknown'),
    lateNotice(state, host ? [host] : [], now),
    host && h('dl', { class: 'tiles' },
      tile('Instances', String(host.instances),
        host.late_instances ? `${host.late_instances} silent` : host.instances > 0 && 'all heard of'),
      host.resource_id && [
        tile('CPU', figure(host.host_cpu_percent, '%'), 'of the whole host',
          host.host_cpu_percent === null ? null : host.host_cpu_percent / 100),
        tile('Memory in use', figure(host.host_used_memory_mib, 'MiB'), 'of the whole host'),
      ],
      host.instances > 0 && usageTiles(host)),
    h('div', { class: 'plots' },
      host?.resource_id && [
        chart('host-cpu', 'CPU of the whole host', '%', plots[4], { most: 100 }),
        chart('host-memory', 'Memory used on the whole host', 'MiB', plots[5]),
      ],
      instances.length > 0 && [
        chart('cpu', 'vCPUs busy, all instances', 'vCPU', plots[0], { of }),
        chart('memory', 'Memory used, all instances', 'MiB', plots[1], { of }),
        chart('disk', 'Disk, all instances', 'B/s', plots[2]), chart('network', 'Network, all instances', 'B/s', plots[3]),
      ]),
    h('h2', null, instances.length ? count(instances.length, 'instance', 'instances') : 'No instances'),
    instances.length > 0 && table(state, `Instances of ${name}`, instanceColumns(state, now, false), instances, 'cpu.down'),
  ];
}
