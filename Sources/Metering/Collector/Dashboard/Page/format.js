// SPDX-License-Identifier: Apache-2.0
// Figures, units and times as people read them.

function digits(value) {
  const size = Math.abs(value);
  return value.toFixed(size >= 100 || size === 0 ? 0 : size >= 10 ? 1 : 2);
}

function scaled(value, units, factor, unit) {
  let index = 0;
  while (Math.abs(value) >= factor && index < units.length - 1) {
    value /= factor;
    index += 1;
  }
  return `${digits(value)} ${units[index]}${unit}`;
}

export const none = '–';

/** Functions from a number to its text, by unit. */
export const units = {
  '%': (value) => `${digits(value)} %`,
  'B/s': (value) => scaled(value, ['B', 'kB', 'MB', 'GB', 'TB'], 1000, '/s'),
  'MiB': (value) => value < 1024 ? `${digits(value)} MiB` : scaled(value / 1024, ['GiB', 'TiB', 'PiB'], 1024, ''),
  'request/s': (value) => scaled(value, ['', 'k', 'M'], 1000, 'req/s'),
  'vCPU': (value) => `${digits(value)} vCPU`,
};

/** In a unit; a dash where there is no value. */
export function figure(value, unit) {
  return value === null || value === undefined ? none : units[unit](value);
}

export function count(number, one, many) {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}

/** 45 s, 6 m 12 s, 3 h 20 m, 2 d 4 h. */
export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const [size, unit, part, rest] = whole < 3600 ? [60, 'm', 1, 's']
    : whole < 86400 ? [3600, 'h', 60, 'm'] : [86400, 'd', 3600, 'h'];
  const remainder = Math.floor((whole % size) / part);
  return `${Math.floor(whole / size)} ${unit}${remainder ? ` ${remainder} ${rest}` : ''}`;
}

/** The collector writes times in UTC, without a zone. */
export function instant(text) {
  return Date.parse(text.endsWith('Z') ? text : `${text}Z`);
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const exact = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** Local, as short as a span of so many milliseconds lets it be. */
export function time(milliseconds, span = 0, isExact = false) {
  const text = (isExact ? exact : clock).format(milliseconds);
  return span > 20 * 3600e3 ? `${day.format(milliseconds)} ${text}` : text;
}

export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
