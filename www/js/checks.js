// The checks in order, each with its outcome, what was expected and found, and the next step.

import { byId, element, icon } from './dom.js'
import { untrusted } from './untrusted.js'

const STATUS = {
  pass: ['passed', 'M4 13l5 5L20 6'],
  fail: ['failed', 'M5 5l14 14M19 5L5 19'],
  skipped: ['not judged', 'M5 12h14']
}

export function showChecks(checks) {
  byId('checks').replaceChildren(...checks.map(row))
  const count = (status) => checks.filter((check) => check.status === status).length
  const words = Object.entries(STATUS).map(([status, [word]]) => [count(status), word])
  byId('checks-count').textContent = words.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`).join(', ')
}

function row({ check, status, code, expected, found, message, hint }) {
  const [word, path] = STATUS[status]
  // Keys that are not there are no fault of the token's.
  const isOpen = code === 'keys_unavailable' || code === 'jwks_malformed'
  const made = element('li', isOpen ? 'fail open' : status, icon(path))
  made.dataset.check = check
  made.dataset.status = status
  made.append(element('span', 'name', check.replaceAll('_', ' '), element('span', 'unseen', `: ${word}`)))
  const what = element('div', 'what', element('p', '', untrusted(message, { foreign: true })))
  if (hint) what.append(element('p', 'hint', untrusted(hint)))
  if (status === 'fail' && (expected !== null || found !== null)) what.append(pair(expected, found))
  if (code) what.append(element('p', 'help', element('code', '', code)))
  made.append(what)
  return made
}

function pair(expected, found) {
  const list = element('dl', 'pair')
  const all = [expected ?? []].flat()
  for (const value of all) list.append(element('dt', '', 'expected'), element('dd', '', ...compared(value, all.length === 1 ? found : null)))
  if (found !== null) list.append(element('dt', '', 'found'), element('dd', '', ...compared(found, all.length === 1 ? all[0] : null)))
  return list
}

/** A text whose middle, where it differs from the other, is marked if the two are nearly the same. */
function compared(text, other) {
  const plain = [untrusted(text, { foreign: true })]
  if (other === null || text.length > 500) return plain
  const shorter = Math.min(text.length, other.length)
  let start = 0
  while (start < shorter && text[start] === other[start]) start++
  let end = 0
  while (end < shorter - start && text.at(-1 - end) === other.at(-1 - end)) end++
  if (start + end < shorter / 2) return plain
  const pieces = [text.slice(0, start), text.slice(start, text.length - end), text.slice(text.length - end)]
  return pieces.map((piece, at) => {
    const shown = untrusted(piece, { foreign: true })
    if (at === 1 && piece !== '') shown.classList.add('differs')
    return shown
  })
}
