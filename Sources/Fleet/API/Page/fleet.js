// SPDX-License-Identifier: Apache-2.0
// Nodes, clusters, extensions, generations, and who changed what, as the service's API tells them. The token stays in
// this tab, and is only sent in a header, to where the page came from.

const KEY = 'hypsometer.fleet.token';
const main = document.getElementById('main');
const updated = document.getElementById('updated');
const views = { '': ['Nodes', nodes], clusters: ['Clusters', clusters], extensions: ['Extensions', extensions],
  audit: ['Changes', audit] };
let turn = 0;

class NeedsToken extends Error {}

function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (name.startsWith('on')) element[name] = value;
    else if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  for (const child of children.flat(Infinity)) if (child !== null && child !== undefined) element.append(child);
  return element;
}

async function ask(path) {
  const token = sessionStorage.getItem(KEY);
  const reply = await fetch(path, { cache: 'no-store', headers: token ? { Authorization: `Bearer ${token}` } : {} });
  const body = await reply.json();
  if (reply.status === 401) throw new NeedsToken(token ? body.detail : '');
  if (!reply.ok) throw new Error(body.detail ?? `status ${reply.status}`);
  return body;
}

function table(heads, rows, empty) {
  if (rows.length === 0) return h('p', { class: 'note' }, empty);
  return h('div', { class: 'card' }, h('table', null,
    h('thead', null, h('tr', null, heads.map((head) => h('th', { scope: 'col' }, head)))),
    h('tbody', null, rows.map((row) => h('tr', null, row.map((cell) => h('td', null, cell)))))));
}

const time = (text) => h('time', { datetime: `${text}Z`, title: `${text} UTC` }, new Date(`${text}Z`).toLocaleString());
const bad = (text, isBad) => (isBad ? h('span', { class: 'late' }, text) : text);
const list = (items) => (items.length ? items.join(', ') : '–');

async function nodes() {
  const answer = await ask('/v1/nodes?limit=1000');
  return [table(['Id', 'Name', 'Address', 'Status', 'Online', 'Cluster', 'Roles', 'Agent'], answer.nodes.map((node) => [
    `${node.id}`, h('a', { href: `#/nodes/${node.id}` }, node.name), h('code', null, node.mac),
    bad(node.status, node.status === 'error'), bad(node.online ? 'yes' : 'no', !node.online),
    node.cluster === null ? '–' : h('a', { href: `#/clusters/${node.cluster}` }, `${node.cluster}`), list(node.roles),
    node.agent_version ?? '–',
  ]), 'No node has registered yet.'),
  answer.next_marker ? h('p', { class: 'note' }, 'There are more; hypsometer fleet node list has all.') : null];
}

async function node(id) {
  const found = await ask(`/v1/nodes/${id}`);
  let config = null;
  try { config = await ask(`/v1/nodes/${id}/config`); } catch (error) { if (error instanceof NeedsToken) throw error; }
  const report = config?.report;
  return [h('h1', null, found.name),
    table(['What', 'Is'], Object.entries(found).filter(([, value]) => typeof value !== 'object' || value === null)
      .map(([key, value]) => [key, `${value ?? '–'}`]), ''),
    h('h2', null, 'Configuration'),
    config === null ? h('p', { class: 'note' }, 'It was not deployed yet, or this token may not see it.') : [
      h('p', null, `Generation ${config.generation} of cluster ${config.cluster}; `,
        report === null ? 'its agent has not said anything of it.'
          : bad(`${report.outcome}${report.message ? `: ${report.message}` : ''}`, report.outcome === 'refused')),
      h('pre', { class: 'card' }, JSON.stringify(config.config, null, 2))]];
}

async function clusters() {
  const answer = await ask('/v1/clusters');
  return [table(['Id', 'Name', 'Status', 'Extensions'], answer.clusters.map((cluster) => [
    `${cluster.id}`, h('a', { href: `#/clusters/${cluster.id}` }, cluster.name),
    bad(cluster.status, cluster.status === 'error'), list(cluster.extensions),
  ]), 'There is no cluster yet.')];
}

async function cluster(id) {
  const [found, answer] = await Promise.all([ask(`/v1/clusters/${id}`), ask(`/v1/clusters/${id}/generations`)]);
  return [h('h1', null, found.name), h('p', null, `${found.status}; extensions: ${list(found.extensions)}`),
    h('h2', null, 'Generations'),
    table(['Generation', 'Time', 'By', 'Restores'], answer.generations.map((one) => [
      h('a', { href: `#/clusters/${id}/${one.generation}` }, `${one.generation}`), time(one.time), one.caller,
      one.restores === null ? '–' : `${one.restores}`,
    ]), 'It was not deployed yet.')];
}

async function generation(id, number) {
  const found = await ask(`/v1/clusters/${id}/generations/${number}`);
  return [h('h1', null, `Generation ${number} of cluster ${id}`),
    h('h2', null, 'Who set what'),
    found.deployment.steps.map((step) => [h('h3', null, `${step.by}: ${step.operations} changes`),
      table(['How', 'Where', 'Value'], step.patch.map((one) => [
        one.op, h('code', null, one.path), h('code', null, one.value === undefined ? '' : JSON.stringify(one.value)),
      ]), 'It changed nothing.')]),
    h('h2', null, 'Nodes'),
    table(['Id', 'Name', 'Runs it', 'Message'], found.nodes.map((one) => [
      `${one.id}`, h('a', { href: `#/nodes/${one.id}` }, one.name ?? '–'), bad(one.runs_it ? 'yes' : 'no', !one.runs_it),
      one.report?.message || '–',
    ]), 'It has no nodes.')];
}

async function extensions() {
  const answer = await ask('/v1/extension-states');
  return [table(['Name', 'Version', 'State', 'Still to be told', 'Why'], answer.extensions.map((one) => [
    one.name, one.version ?? '–', bad(one.state, one.state !== 'running'), `${one.pending_events ?? '–'}`,
    one.reason || '–',
  ]), 'No extension is installed.'),
  answer.problems.map((problem) => h('p', { class: 'late' }, problem))];
}

async function audit() {
  const answer = await ask('/v1/audit?limit=200');
  return [table(['Time', 'Who', 'Did', 'To', 'Outcome', 'Detail'], answer.entries.map((one) => [
    time(one.time), one.caller, one.action, one.subject, bad(one.outcome, one.outcome !== 'done'), one.detail || '–',
  ]), 'Nobody has changed anything yet.')];
}

function tokenForm(why) {
  const input = h('input', { type: 'password', id: 'token', autocomplete: 'off', required: '' });
  return h('form', { class: 'card', onsubmit: (event) => {
    event.preventDefault();
    sessionStorage.setItem(KEY, input.value.trim());
    show();
  } }, h('h1', null, 'A token'), why ? h('p', { class: 'late' }, why) : null,
  h('label', { for: 'token' }, 'Of scope read, or admin to see changes and configurations: hypsometer fleet token create read'),
  input, h('button', { type: 'submit' }, 'Show'));
}

async function show() {
  const mine = turn += 1;
  const [view = '', id, number] = location.hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
  document.getElementById('nav').replaceChildren(...Object.entries(views).map(([name, [title]]) =>
    h('a', { href: `#/${name}`, 'aria-current': name === view || (name === '' && view === 'nodes') ? 'page' : null }, title)));
  let drawn;
  try {
    if (view === 'nodes' && id) drawn = await node(Number(id));
    else if (view === 'clusters' && number) drawn = await generation(Number(id), Number(number));
    else if (view === 'clusters' && id) drawn = await cluster(Number(id));
    else drawn = await (views[view] ?? views[''])[1]();
    updated.textContent = `As of ${new Date().toLocaleTimeString()}`;
  } catch (error) {
    if (error instanceof NeedsToken) drawn = [tokenForm(error.message)];
    else {
      updated.textContent = 'The service is away, or refuses';
      drawn = [h('p', { class: 'note late' }, error.message)];
    }
  }
  if (mine === turn) main.replaceChildren(...drawn.flat(Infinity).filter((one) => one !== null));
}

window.onhashchange = show;
// Not while a token is typed.
setInterval(() => { if (!document.hidden && !document.getElementById('token')) show(); }, 15000);
show();
