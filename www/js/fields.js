// Labelled fields that the page makes when they are needed.

import { element } from './dom.js'

/** A line of text with its label. */
export function field(id, label) {
  const input = element('input', '')
  Object.assign(input, { id, autocomplete: 'off', spellcheck: false })
  input.setAttribute('autocapitalize', 'off')
  return { row: element('div', 'field', labelOf(id, label), input), input }
}

/** A choice among `[value, title]`. */
export function select(id, label, options) {
  const input = element('select', '', ...options.map(([value, title]) => new Option(title, value)))
  input.id = id
  return { row: element('div', 'field', labelOf(id, label), input), input }
}

/** Something to be switched on. */
export function tick(id, label) {
  const input = element('input', '')
  Object.assign(input, { id, type: 'checkbox' })
  return { row: element('label', 'tick', input, element('span', '', label)), input }
}

function labelOf(id, label) {
  const made = element('label', '', label)
  made.htmlFor = id
  return made
}
