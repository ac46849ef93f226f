// SPDX-License-Identifier: Apache-2.0
// Measures, made points for plots. No value is made up: where samples are missing, the line is interrupted.

import { askAll } from './api.js';
import { instant } from './format.js';

const MOST_SINGLE = 400;
const STRETCHES = 300;
/** So that a request's line stays short. */
const RESOURCES = 100;

/**
 * The length of a stretch in seconds: short enough that each sample is by itself where there are few, else two of the
 * agent's intervals at least, so that none is empty by chance.
 */
export function granularity(seconds, interval) {
  if (interval && seconds / interval <= MOST_SINGLE) return Math.max(1, Math.floor(interval / 4));
  if (!interval) return Math.max(1, Math.ceil(seconds / STRETCHES));
  const whole = Math.max(1, Math.round(interval));
  return Math.ceil(Math.max(seconds / STRETCHES, 2 * whole) / whole) * whole;
}

function median(numbers) {
  return numbers.length ? [...numbers].sort((a, b) => a - b)[numbers.length >> 1] : 0;
}

/**
 * Runs of points that follow each other as closely as the series' samples come.
 *
 * @param points pairs of milliseconds and a value, by time
 * @param stretch seconds
 */
export function runs(points, stretch) {
  const steps = points.slice(1).map((point, index) => point[0] - points[index][0]);
  const step = Math.max(stretch * 1000, median(steps));
  const longest = step > stretch * 1500 ? 1.5 * step + stretch * 1000 : 1.5 * step;
  const found = [];
  points.forEach((point, index) => {
    if (index === 0 || steps[index - 1] > longest) found.push([]);
    found.at(-1).push(point);
  });
  return found;
}

/**
 * One meter of some resources, added up.
 *
 * @returns milliseconds, a value, and how many series it is the sum of, by time
 */
async function read(meter, aggregate, resources, span, stretch, weigh, signal) {
  const sums = new Map();
  for (let first = 0; first < resources.length; first += RESOURCES) {
    const { series } = await askAll('/v1/measures', 'series', {
      meter, aggregate, granularity: stretch, limit: 1000,
      start: (span[0] / 1000).toFixed(0), end: (span[1] / 1000).toFixed(0),
      resource_id: resources.slice(first, first + RESOURCES),
    }, 10_000, signal);
    for (const { resource_id: id, measures } of series) {
      const weight = weigh(id);
      for (const [time, value] of weight === null ? [] : measures) {
        const at = instant(time);
        const [sum, count] = sums.get(at) ?? [0, 0];
        sums.set(at, [sum + value * weight, count + 1]);
      }
    }
  }
  return [...sums].map(([at, [sum, count]]) => [at, sum, count]).sort((a, b) => a[0] - b[0]);
}

/**
 * The first of several meters that has any points.
 *
 * @param line { label, choices: [{ meter, aggregate, weigh }] }
 */
export async function load(line, resources, span, stretch, signal) {
  for (const { meter, aggregate, weigh } of line.choices) {
    const points = await read(meter, aggregate, resources, span, stretch, weigh ?? (() => 1), signal);
    if (points.length) return { ...line, meter, aggregate, points };
  }
  const { meter, aggregate } = line.choices[0];
  return { ...line, meter, aggregate, points: [] };
}

/** The same for several lines; without resources none has points. */
export function loadAll(lines, resources, span, stretch, signal) {
  return Promise.all(lines.map((line) =>
    resources.length ? load(line, resources, span, stretch, signal) : { ...line, points: [] }));
}

/** A line of what one meter says; `weigh` gives each resource's factor, or null to leave it out. */
export function gauge(label, meter, weigh) {
  return { label, choices: [{ meter, aggregate: 'mean', weigh }] };
}

/** A counter's growth per second, or what an agent made of it itself. */
export function rate(label, meter) {
  return { label, choices: [{ meter, aggregate: 'rate' }, { meter: `${meter}.rate`, aggregate: 'mean' }] };
}

export const disk = [rate('read', 'disk.device.read.bytes'), rate('written', 'disk.device.write.bytes')];
export const requests = [rate('read', 'disk.device.read.requests'), rate('written', 'disk.device.write.requests')];
export const network = [rate('received', 'network.incoming.bytes'), rate('sent', 'network.outgoing.bytes')];
