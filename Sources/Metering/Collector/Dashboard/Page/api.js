// SPDX-License-Identifier: Apache-2.0
// What the collector is asked. The token stays in this tab, and is only sent in a header, to where the page came from.

const KEY = 'hypsometer.token';

/** The collector can't be reached or fails; worth another try. */
export class Away extends Error {}
/** A token is needed, or this one isn't known. */
export class NeedsToken extends Error {}
/** The collector says that the question is wrong. */
export class Refused extends Error {}

export const token = {
  get: () => sessionStorage.getItem(KEY),
  set: (text) => sessionStorage.setItem(KEY, text),
  forget: () => sessionStorage.removeItem(KEY),
};

/** An answer's JSON. `params`: values, lists of values; null and undefined are left out. */
export async function ask(path, params = {}, signal = undefined) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    for (const one of [value].flat()) if (one !== null && one !== undefined) query.append(name, one);
  }
  const headers = token.get() ? { Authorization: `Bearer ${token.get()}` } : {};
  let reply;
  try {
    reply = await fetch(`${path}?${query}`, { headers, cache: 'no-store', signal });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Away('it can’t be reached');
  }
  if (reply.status === 401) throw new NeedsToken(token.get() ? 'This token is not one that the collector knows.' : '');
  let body;
  try { body = await reply.json(); } catch { throw new Away(`it answered with status ${reply.status} and no JSON`); }
  if (reply.status >= 500) throw new Away(body.detail ?? `status ${reply.status}`);
  if (!reply.ok) throw new Refused(body.detail ?? `status ${reply.status}`);
  return body;
}

/** All pages of an answer's list, up to a number of entries. */
export async function askAll(path, list, params, most, signal) {
  const found = [];
  let marker = null;
  let reply;
  do {
    reply = await ask(path, { ...params, marker }, signal);
    found.push(...reply[list]);
    marker = reply.next_marker;
  } while (marker !== null && found.length < most);
  return { ...reply, [list]: found };
}
