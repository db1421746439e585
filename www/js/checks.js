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
  const made = element('li', status, icon(path))
  made.dataset.check = check
  made.dataset.status = status
  made.append(element('span', 'name', check.replaceAll('_', ' '), element('span', 'unseen', `: ${word}`)))
  const what = element('div', 'what', element('p', '', untrusted(message)))
  if (hint) what.append(element('p', 'hint', untrusted(hint)))
  if (status === 'fail' && (expected !== null || found !== null)) what.append(pair(expected, found))
  if (code) what.append(element('p', 'help', element('code', '', code)))
  made.append(what)
  return made
}

function pair(expected, found) {
  const list = element('dl', 'pair')
  const add = (term, value) => list.append(element('dt', '', term), element('dd', '', untrusted(value, { foreign: true })))
  for (const value of [expected ?? []].flat()) add('expected', value)
  if (found !== null) add('found', found)
  return list
}
