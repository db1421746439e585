// What is pasted, typed, opened or dropped, and the tokens found in it.

import { byId, element } from './dom.js'
import { decode, extract } from './callerid.js'
import { untrusted } from './untrusted.js'

const FILE_BYTES_MAX = 4 << 20

/** Calls `taken({ tokens, notes })` with what a text holds, and `keys(text)` if it is a key set. */
export function watchPaste({ taken, keys }) {
  const field = byId('pasted')
  let lastRead = ''
  const read = () => {
    lastRead = field.value
    taken(find(lastRead))
  }
  const open = async (file) => {
    if (file === undefined) return
    if (file.size > FILE_BYTES_MAX) return showNotes([{ message: `${file.name} is too large to hold a token.` }])
    const text = await file.text()
    if (isKeySet(text)) return keys(text)
    field.value = text
    read()
  }
  // Some tools insert line by line: the first event is answered at once, those right behind it together.
  let waiting
  field.addEventListener('input', () => {
    if (waiting === undefined) read()
    clearTimeout(waiting)
    waiting = setTimeout(() => {
      waiting = undefined
      if (field.value !== lastRead) read()
    }, 0)
  })
  byId('file').addEventListener('change', ({ target }) => {
    open(target.files[0])
    target.value = ''
  })
  watchDrop(open)
}

/** Whether a text is a key set rather than a token. */
export function isKeySet(text) {
  return decode(text).kind === 'key_set'
}

export function find(text) {
  return text.trim() === '' ? { tokens: [], notes: [] } : extract(text)
}

export function showNotes(notes) {
  byId('paste-notes').replaceChildren(...notes.map(({ message }) => element('li', '', untrusted(message))))
}

/** Several tokens: which one is meant. */
export function showChoice(tokens, chosen, choose) {
  const choice = byId('choice')
  choice.hidden = tokens.length < 2
  const rows = choice.hidden ? [] : tokens.slice(0, 20).map((token, at) => {
    const { description, summary, fingerprint } = decode(token)
    const radio = element('input', '')
    Object.assign(radio, { type: 'radio', name: 'token', checked: at === chosen })
    radio.addEventListener('change', () => choose(at))
    const label = element('label', '', radio)
    const words = element('span', '', description)
    if (summary.caller !== null) words.append(' for ', untrusted(summary.caller, { limit: 80, foreign: true }))
    words.append(` (${fingerprint})`)
    label.append(words)
    return label
  })
  choice.replaceChildren(element('legend', '', `${tokens.length} tokens found. Which one?`), ...rows)
}

function watchDrop(open) {
  const panel = byId('paste-title').closest('section')
  const holdsFile = (event) => event.dataTransfer?.types.includes('Files')
  addEventListener('dragover', (event) => {
    if (!holdsFile(event)) return
    event.preventDefault()
    panel.classList.add('dropping')
  })
  addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) panel.classList.remove('dropping')
  })
  addEventListener('drop', (event) => {
    panel.classList.remove('dropping')
    if (!holdsFile(event)) return
    event.preventDefault()
    open(event.dataTransfer.files[0])
  })
}
