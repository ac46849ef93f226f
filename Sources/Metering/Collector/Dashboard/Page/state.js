// SPDX-License-Identifier: Apache-2.0
// What is shown stands in the address' fragment, so that it can be shared: #/instances/ID?range=6h

export const ranges = { '15m': 900, '1h': 3600, '6h': 21600, '24h': 86400 };
export const rangeNames = { '15m': '15 min', '1h': '1 h', '6h': '6 h', '24h': '24 h' };
const standard = '1h';

function validTime(text) {
  return text && !Number.isNaN(Date.parse(`${text}Z`)) ? text : null;
}

/** { view, id, range, from, to, q, sort, tables } of a fragment. */
export function read(fragment = location.hash) {
  const [path, query] = fragment.replace(/^#/, '').split('?');
  const [view = '', id = ''] = path.replace(/^\//, '').split('/').map((part) => {
    try { return decodeURIComponent(part); } catch { return part; }
  });
  const params = new URLSearchParams(query ?? '');
  const [from, to] = [validTime(params.get('from')), validTime(params.get('to'))];
  const isCustom = from && to && from < to;
  return {
    view, id,
    range: isCustom ? 'custom' : params.get('range') in ranges ? params.get('range') : standard,
    from: isCustom ? from : null,
    to: isCustom ? to : null,
    q: params.get('q') ?? '',
    sort: params.get('sort') ?? '',
    tables: params.get('tables') === '1',
  };
}

/** A link to another view, with this one's time. */
export function link(state, view, id = '', changes = {}) {
  const next = { ...state, q: '', sort: '', ...changes };
  const params = new URLSearchParams();
  if (next.range === 'custom') {
    params.set('from', next.from);
    params.set('to', next.to);
  } else if (next.range !== standard) {
    params.set('range', next.range);
  }
  for (const name of ['q', 'sort']) if (next[name]) params.set(name, next[name]);
  if (next.tables) params.set('tables', '1');
  const query = params.toString();
  return `#/${view}${id ? `/${encodeURIComponent(id)}` : ''}${query ? `?${query}` : ''}`;
}

/** The same view with something changed. */
export function change(state, changes) {
  return link({ ...state }, state.view, state.id, { q: state.q, sort: state.sort, ...changes });
}

/** The time shown, in milliseconds since 1970; it goes on with the clock unless it was chosen. */
export function times(state, now = Date.now()) {
  if (state.range === 'custom') return [Date.parse(`${state.from}Z`), Date.parse(`${state.to}Z`)];
  return [now - ranges[state.range] * 1000, now];
}
