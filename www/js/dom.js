// The few ways in which this page makes elements. There is none that reads HTML.

export const byId = (id) => document.getElementById(id)

/** An element with a class, or none, and children: elements, or texts of the page's own. */
export function element(name, className, ...children) {
  const made = document.createElement(name)
  if (className) made.className = className
  made.append(...children)
  return made
}

export function button(label, onClick) {
  const made = element('button', '', label)
  made.type = 'button'
  made.addEventListener('click', onClick)
  return made
}

/** Sets an element's children, and hides it if there are none. */
export function fill(target, ...children) {
  const shown = children.filter((child) => child !== null && child !== undefined && child !== '')
  target.replaceChildren(...shown)
  target.hidden = shown.length === 0
}

/** A term and its description for a list of facts. */
export function fact(term, ...description) {
  return [element('dt', '', term), element('dd', '', ...description)]
}

/** A drawing of one stroke; its paths are constants of the page. */
export function icon(path) {
  const space = 'http://www.w3.org/2000/svg'
  const drawing = document.createElementNS(space, 'svg')
  drawing.setAttribute('viewBox', '0 0 24 24')
  drawing.setAttribute('aria-hidden', 'true')
  const stroke = drawing.appendChild(document.createElementNS(space, 'path'))
  stroke.setAttribute('d', path)
  return drawing
}
