// SPDX-License-Identifier: Apache-2.0
// Elements, and an old tree made like a new one without losing focus, scrolling or what is open.

const SVG = 'http://www.w3.org/2000/svg';

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) {
      element[name] = value;
      (element.handlers ??= new Set()).add(name);
    } else if (name === 'width%') {
      element.style.width = `${value}%`;
    } else {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
  return element;
}

/** An HTML element; props that begin with "on" are handlers, children texts, elements or lists of them. */
export function h(tag, props, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** The same for SVG. */
export function svg(tag, props, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

function isAlike(old, fresh) {
  return old.nodeType === fresh.nodeType && old.nodeName === fresh.nodeName
    && (old.nodeType !== Node.ELEMENT_NODE || old.getAttribute('data-key') === fresh.getAttribute('data-key'));
}

/** Makes the children of `old` like those of `fresh`. */
export function morphChildren(old, fresh) {
  let place = old.firstChild;
  for (const child of [...fresh.childNodes]) {
    const key = child.nodeType === Node.ELEMENT_NODE && child.getAttribute('data-key');
    let like = place;
    if (key) while (like && !isAlike(like, child)) like = like.nextSibling;
    if (like && isAlike(like, child)) {
      if (like !== place) old.insertBefore(like, place);
      else place = place.nextSibling;
      morph(like, child);
    } else {
      old.insertBefore(child, place);
    }
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

function morph(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  // What readers open and type is theirs. Styles are set as properties: the page's rules take none from an attribute.
  const isTyped = old === document.activeElement;
  const isTheirs = (name) => name === 'open' || name === 'style' || (name === 'value' && isTyped);
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !isTheirs(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value && !isTheirs(name)) old.setAttribute(name, value);
  }
  if (old.style.cssText !== fresh.style.cssText) old.style.cssText = fresh.style.cssText;
  for (const name of old.handlers ?? []) if (!fresh.handlers?.has(name)) old[name] = null;
  for (const name of fresh.handlers ?? []) old[name] = fresh[name];
  old.handlers = fresh.handlers;
  morphChildren(old, fresh);
}
