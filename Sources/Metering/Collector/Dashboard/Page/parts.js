// SPDX-License-Identifier: Apache-2.0
// What several views are made of.

import { h } from './dom.js';
import { duration, figure, instant, none, units } from './format.js';
import { change, link } from './state.js';

/** A value with a bar for its share of the whole, which warns near its end where that is a limit. */
export function bar(value, whole, text, isLimit = true) {
  if (value === null || value === undefined) return h('span', { class: 'soft' }, none);
  const share = whole > 0 ? Math.min(100, Math.max(0, (value / whole) * 100)) : 0;
  return h('span', { class: 'bar-cell' }, h('span', { class: 'number' }, text),
    h('span', { class: 'track', 'aria-hidden': 'true' },
      h('i', { class: isLimit && share > 90 ? 'high' : '', 'width%': share.toFixed(1) })));
}

/** How long ago the last sample came, and how late the next is. */
export function heard(entry, now) {
  const ago = (instant(now) - instant(entry.last_sample_timestamp)) / 1000;
  if (entry.late_seconds > 0) {
    return h('span', { class: 'late' }, `late by ${duration(entry.late_seconds)}`);
  }
  return h('span', null, `${duration(ago)} ago`);
}

/** A table whose columns sort: { key, label, value(row), cell(row), isNumber, class }. */
export function table(state, caption, columns, rows, standard) {
  const [key, direction] = (state.sort || standard).split('.');
  const column = columns.find((column) => column.key === key) ?? columns[0];
  const sign = direction === 'down' ? -1 : 1;
  const rank = (row) => column.value(row) ?? null;
  const sorted = [...rows].sort((a, b) => {
    const [left, right] = [rank(a), rank(b)];
    if (left === null || right === null) return (left === null) - (right === null);
    return sign * (typeof left === 'string' ? left.localeCompare(right, 'en', { numeric: true }) : left - right);
  });
  return h('div', { class: 'scroll card' }, h('table', { class: 'list' },
    h('caption', { class: 'hidden' }, caption),
    h('thead', null, h('tr', null, columns.map((each) => {
      const isChosen = each === column;
      const next = isChosen ? (sign === 1 ? 'down' : 'up') : each.isNumber ? 'down' : 'up';
      return h('th', {
        scope: 'col', class: `${each.isNumber ? 'number' : ''} ${each.class ?? ''}`,
        'aria-sort': isChosen ? (sign === 1 ? 'ascending' : 'descending') : null,
      }, h('a', { href: change(state, { sort: `${each.key}.${next}` }) }, each.label,
        h('span', { class: 'arrow', 'aria-hidden': 'true' }, isChosen ? (sign === 1 ? ' ↑' : ' ↓') : '')));
    }))),
    h('tbody', null, sorted.map((row) => h('tr', { 'data-key': row.instance_id ?? row.host },
      columns.map((each, index) => h(index ? 'td' : 'th', {
        scope: index ? null : 'row', class: `${each.isNumber ? 'number' : ''} ${each.class ?? ''}`,
      }, each.cell(row))))))));
}

/** A host's name as a link; those that no sample names are together. */
export function hostLink(state, host) {
  return h('a', { href: link(state, 'hosts', host || '-'), title: host }, host || 'host unknown');
}

/** A column of a value with its share of another. */
export function shareColumn(key, label, name, whole, text, place = '') {
  return {
    key, label, class: place, isNumber: true, value: (row) => row[name],
    cell: (row) => bar(row[name], typeof whole === 'number' ? whole : row[whole], row[name] === null ? '' : text(row)),
  };
}

export function rateColumn(key, label, name) {
  return { key, label, class: 'wide', isNumber: true, value: (row) => row[name], cell: (row) => figure(row[name], 'B/s') };
}

export function heardColumn(now) {
  return {
    key: 'heard', label: 'Last sample', class: 'wide', isNumber: true,
    value: (row) => instant(now) - instant(row.last_sample_timestamp), cell: (row) => heard(row, now),
  };
}

/** Columns of an instances' table; without the host where all have the same. */
export function instanceColumns(state, now, hasHost) {
  const name = (row) => row.display_name ?? row.instance_id;
  return [
    {
      key: 'name', label: 'Instance', value: name,
      cell: (row) => [
        h('a', { class: 'name', title: name(row), href: link(state, 'instances', row.instance_id) }, name(row)),
        h('span', { class: 'under narrow' }, row.late_seconds > 0 || !hasHost ? heard(row, now) : row.host || 'host unknown'),
      ],
    },
    hasHost && {
      key: 'host', label: 'Host', class: 'wide', value: (row) => row.host, cell: (row) => hostLink(state, row.host),
    },
    { key: 'status', label: 'Status', class: 'wide', value: (row) => row.status, cell: (row) => row.status ?? none },
    shareColumn('cpu', 'CPU', 'cpu_util', 100, (row) => units['%'](row.cpu_util)),
    shareColumn('memory', 'Memory', 'used_memory_mib', 'memory_mib', (row) => units.MiB(row.used_memory_mib)),
    rateColumn('disk', 'Disk', 'disk_bytes_per_second'), rateColumn('network', 'Network', 'network_bytes_per_second'),
    heardColumn(now),
  ].filter(Boolean);
}

/** A figure with its name, for the head of a view. */
export function tile(label, value, more, share) {
  return h('div', { class: 'tile card' }, h('dt', null, label), h('dd', null,
    h('b', null, value), more && h('span', null, more),
    share !== undefined && share !== null && h('span', { class: 'track', 'aria-hidden': 'true' },
      h('i', { class: share > 0.9 ? 'high' : '', 'width%': Math.min(100, 100 * share).toFixed(1) }))));
}

/** What instances do together: `usage` has the keys of a host. */
export function usageTiles(usage) {
  const { busy_vcpus: busy, vcpus, used_memory_mib: used, memory_mib: memory } = usage;
  const share = (part, whole) => part !== null && whole ? part / whole : null;
  return [
    tile('vCPUs busy', busy === null ? none : busy.toFixed(1), vcpus && `of ${vcpus}`, share(busy, vcpus)),
    tile('Memory used', figure(used, 'MiB'), memory && `of ${units.MiB(memory)}`, share(used, memory)),
    tile('Disk', figure(usage.disk_bytes_per_second, 'B/s'), 'read and written'),
    tile('Network', figure(usage.network_bytes_per_second, 'B/s'), 'received and sent'),
  ];
}

/** An id that a press copies. */
export function copyable(text, announce) {
  return h('span', { class: 'copyable' }, h('code', null, text), h('button', {
    type: 'button', class: 'quiet', 'aria-label': `Copy ${text}`, onclick: async (event) => {
      const button = event.currentTarget;
      const isDone = await copy(text);
      button.textContent = isDone ? 'Copied' : 'Select it and press Ctrl-C';
      announce(isDone ? 'Copied' : 'Not copied: this browser does not allow it');
      setTimeout(() => { button.textContent = 'Copy'; }, 2000);
    },
  }, 'Copy'));
}

async function copy(text) {
  // Without TLS browsers have no clipboard but this.
  if (!navigator.clipboard) {
    const field = h('textarea', { class: 'hidden', 'aria-hidden': 'true' }, text);
    document.body.append(field);
    field.select();
    const isDone = document.execCommand('copy');
    field.remove();
    return isDone;
  }
  return navigator.clipboard.writeText(text).then(() => true, () => false);
}

/** What stands where there is nothing, with what to do. */
export function empty(title, ...more) {
  return h('section', { class: 'card empty-state' }, h('h2', null, title), more);
}
