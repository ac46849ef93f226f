// SPDX-License-Identifier: Apache-2.0
// A plot of some lines over a time: drawn, read with pointer or arrow keys, and as a table.

import { h, svg } from './dom.js';
import { figure, none, time, units, zone } from './format.js';
import { runs } from './series.js';

const [WIDTH, HEIGHT] = [1000, 200];
/** Which reading each plot's crosshair is at, and which tables are open, through updates. */
const [cursors, open] = [new Map(), new Set()];
let hadTables = false;

/** The next of 1, 2 and 5 times a power of ten, or of two for MiB, at or above. */
function ceiling(value, unit) {
  if (value <= 0) return 1;
  if (unit === 'MiB') return 2 ** Math.ceil(Math.log2(value));
  const power = 10 ** Math.floor(Math.log10(value));
  return power * [1, 2, 5, 10].find((step) => step * power >= value * 0.9999);
}

/** Without digits that say nothing. */
const axis = (text) => text.replace(/\.(\d*?)0+ /, (_, digits) => digits ? `.${digits} ` : ' ');

/** Instants for the time axis, at round local times. */
function ticks([from, to], most) {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080].map((minutes) => minutes * 60e3);
  const step = steps.find((step) => (to - from) / step <= most) ?? 40 * 86400e3;
  const offset = new Date(from).getTimezoneOffset() * 60e3;
  const first = Math.ceil((from - offset) / step) * step + offset;
  return Array.from({ length: Math.max(0, Math.floor((to - first) / step) + 1) }, (_, index) => first + index * step)
    // Labels at the very edge would stand over it.
    .filter((tick) => tick - from > 0.03 * (to - from) && to - tick > 0.03 * (to - from));
}

function path(line, stretch, x, y) {
  return runs(line.points, stretch).map((run) => {
    // A reading between two gaps is a dot.
    if (run.length === 1) return `M${x(run[0][0])} ${y(run[0][1])}h0`;
    return 'M' + run.map(([at, value]) => `${x(at)} ${y(value)}`).join('L');
  }).join('');
}

/**
 * @param plot { id, title, unit, lines: [{ label, points, meter, aggregate }], reference: { label, value }, most,
 *   of, span, stretch, state, empty }: points are milliseconds, a value, and of how many series it is the sum; `most`
 *   is the axis' end at least; `of` how many series there are, where that is to be told
 */
export function plot(plot, redraw) {
  const { id, title, unit, lines, reference, span, stretch } = plot;
  const instants = [...new Set(lines.flatMap((line) => line.points.map(([at]) => at)))].sort((a, b) => a - b);
  const head = h('figcaption', { id: `${id}-title` }, h('h3', null, title));
  if (!instants.length) {
    return h('figure', { class: 'plot card', 'data-key': id, id }, head, h('p', { class: 'empty' }, plot.empty));
  }

  const values = lines.map((line) => new Map(line.points));
  const largest = Math.max(...lines.flatMap((line) => line.points.map(([, value]) => value)), reference?.value ?? 0);
  const top = Math.max(plot.most ?? 0, ceiling(largest, unit));
  const x = (at) => +(((at - span[0]) / (span[1] - span[0])) * WIDTH).toFixed(2);
  const y = (value) => +(HEIGHT - (value / top) * HEIGHT).toFixed(3);
  const at = cursors.get(id);
  const index = at === undefined ? -1 : nearest(instants, at);
  const chosen = index < 0 ? null : instants[index];
  const words = (instant) => lines.map((line, n) => `${line.label} ${figure(values[n].get(instant), unit)}`).join(', ');

  const move = (next) => {
    cursors.set(id, instants[Math.min(instants.length - 1, Math.max(0, next))]);
    redraw();
  };
  const leave = () => { if (cursors.delete(id)) redraw(); };
  const keys = {
    ArrowLeft: () => move((index < 0 ? instants.length : index) - 1), ArrowRight: () => move(index + 1),
    PageUp: () => move(index - 10), PageDown: () => move(index + 10), Home: () => move(0),
    End: () => move(instants.length - 1), Escape: leave,
  };
  const area = h('div', {
    class: 'area', role: 'slider', tabindex: 0, 'aria-label': `${title}, reading`, 'aria-orientation': 'horizontal',
    'aria-valuemin': 0, 'aria-valuemax': instants.length - 1, 'aria-valuenow': index < 0 ? instants.length - 1 : index,
    'aria-valuetext': index < 0 ? `Latest, ${words(instants.at(-1))}. Arrow keys move through the readings.`
      : `${time(chosen, span[1] - span[0], true)}, ${words(chosen)}`,
    onkeydown: (event) => {
      if (!keys[event.key] || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      keys[event.key]();
    },
    onpointermove: (event) => {
      const box = event.currentTarget.getBoundingClientRect();
      const instant = span[0] + ((event.clientX - box.left) / box.width) * (span[1] - span[0]);
      const next = nearest(instants, instant);
      if (next !== index) move(next);
    },
    onpointerleave: (event) => { if (event.pointerType === 'mouse') leave(); },
    onblur: leave,
  },
  svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true', 'data-top': top,
    'data-from': span[0], 'data-to': span[1] },
    [0.25, 0.5, 0.75].map((part) => svg('path', { class: 'grid', d: `M0 ${HEIGHT * part}H${WIDTH}` })),
    reference && svg('path', { class: 'reference', d: `M0 ${y(reference.value)}H${WIDTH}` }),
    lines.map((line, n) => svg('path', { class: `line line-${n}`, d: path(line, stretch, x, y), 'data-label': line.label })),
    chosen !== null && svg('path', { class: 'cross', d: `M${x(chosen)} 0V${HEIGHT}` }),
    chosen !== null && lines.map((_, n) => values[n].has(chosen)
      && svg('path', { class: `dot line-${n}`, d: `M${x(chosen)} ${y(values[n].get(chosen))}h0` }))));

  const shown = chosen ?? instants.at(-1);
  const sources = new Map(lines.flatMap((line) => line.points.map(([at, , count]) => [at, count])));
  const legend = h('p', { class: 'legend' },
    h('span', { class: 'when' }, chosen === null ? 'Latest' : time(chosen, span[1] - span[0], true)),
    lines.map((line, n) => line.points.length > 0 && h('span', null, h('i', { class: `key line-${n}` }), `${line.label} `,
      h('b', null, figure(values[n].get(shown), unit)))),
    plot.of && h('span', null, `sum of ${sources.get(shown)} of ${plot.of} instances`),
    reference && h('span', null, h('i', { class: 'key reference' }), `${reference.label} `,
      h('b', null, figure(reference.value, unit))));

  return h('figure', { class: 'plot card', 'data-key': id, id, 'data-stretch': stretch }, head, legend,
    h('div', { class: 'frame' },
      h('div', { class: 'values', 'aria-hidden': 'true' },
        [top, top / 2, 0].map((value) => h('span', null, axis(units[unit](value))))),
      area,
      h('div', { class: 'times', 'aria-hidden': 'true' }, ticks(span, 5).map((tick) => {
        const label = h('span', null, time(tick, 0));
        label.setAttribute('data-x', x(tick));
        label.style.left = `${x(tick) / 10}%`;
        return label;
      }))),
    gapNote(lines, stretch, span),
    table(plot, instants, values, redraw));
}

/** Where lines are interrupted, in words. */
function gapNote(lines, stretch, span) {
  const gaps = new Map();
  for (const line of lines) {
    const found = runs(line.points, stretch);
    found.slice(1).forEach((run, index) => gaps.set(found[index].at(-1)[0], run[0][0]));
  }
  if (!gaps.size) return null;
  const shown = (at) => time(at, span[1] - span[0]);
  const times = [...gaps].sort((a, b) => b[0] - a[0]).map(([from, to]) => `${shown(from)}–${shown(to)}`);
  return h('p', { class: 'gaps' }, `No samples: ${times.slice(0, 3).join(', ')}`,
    times.length > 3 && ` and ${times.length - 3} more times`);
}

function table({ id, title, unit, lines, state, stretch, span }, instants, values, redraw) {
  if (hadTables && !state.tables) open.clear();
  hadTables = state.tables;
  const isOpen = state.tables || open.has(id);
  return h('details', {
    'data-key': state.tables ? 'all' : 'one', open: isOpen, ontoggle: (event) => {
      const isShown = event.currentTarget.open;
      if (isShown === open.has(id)) return;
      if (isShown) open.add(id); else open.delete(id);
      redraw();
    },
  },
  h('summary', null, 'Table'),
  isOpen && h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `${title}, table` },
    h('table', { class: 'data' },
      h('caption', null, `${title}, by stretches of ${stretch} s; a dash where no sample came. Times of ${zone}. `,
        lines.filter((line) => line.points.length)
          .map((line) => `${line.label}: ${line.meter}, ${line.aggregate}`).join('; ')),
      h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Time'),
        lines.map((line) => h('th', { scope: 'col', class: 'number' }, line.label)))),
      h('tbody', null, [...instants].reverse().map((at) => h('tr', { 'data-key': String(at) },
        h('th', { scope: 'row' }, h('time', { datetime: new Date(at).toISOString() }, time(at, span[1] - span[0], true))),
        lines.map((_, n) => h('td', { class: 'number', 'data-value': values[n].get(at) ?? null },
          values[n].has(at) ? figure(values[n].get(at), unit) : none))))))));
}

/** The place in a sorted list of what is closest. */
function nearest(sorted, value) {
  let [low, high] = [0, sorted.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle; else high = middle;
  }
  return value - sorted[low] <= sorted[high] - value ? low : high;
}
