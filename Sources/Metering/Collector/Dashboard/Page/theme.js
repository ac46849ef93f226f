// SPDX-License-Identifier: Apache-2.0
// The reader's choice of colours, for this and later visits: as the system has them, light, or dark.

const KEY = 'hypsometer.theme';
const names = { auto: '◐ Auto', light: '☀ Light', dark: '☾ Dark' };
const button = document.getElementById('theme');

function chosen() {
  const theme = localStorage.getItem(KEY);
  return theme in names ? theme : 'auto';
}

function show() {
  const theme = chosen();
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  button.textContent = names[theme];
  button.setAttribute('aria-label', `Colours: ${theme}. Press to change.`);
}

button.onclick = () => {
  const order = Object.keys(names);
  localStorage.setItem(KEY, order[(order.indexOf(chosen()) + 1) % order.length]);
  show();
};

show();
