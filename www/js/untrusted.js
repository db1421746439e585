// Text that the token brought, made fit to be shown: it becomes text nodes and nothing else, what is
// invisible or moves its surroundings is spelled out, and one value cannot run into the next.

import { element } from './dom.js'

// What the core spells out as well (src/visible.rs), half surrogate pairs, and marks heaped upon marks.
const SPELLED_OUT =
  /[\p{Cs}\0-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ue000-\uf8ff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{110bd}\u{110cd}\u{13430}-\u{1343f}\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}\u{f0000}-\u{10ffff}]|(?<=\p{M}{2})\p{M}/u
const REMARKABLE = new RegExp(String.raw`(\\u\{[0-9a-f]{1,6}\})|(${SPELLED_OUT.source})|([^\0-\x7f])`, 'gu')

const CHARACTERS_MAX = 1500

/** Untrusted text as an element. With `foreign`, characters outside of ASCII are marked too. */
export function untrusted(value, { foreign = false, limit = CHARACTERS_MAX } = {}) {
  const text = String(value)
  const shown = element('bdi', 'text')
  const cut = text.length > limit ? text.slice(0, limit) : text
  let done = 0
  for (const match of cut.matchAll(REMARKABLE)) {
    const [found, , hidden, other] = match
    if (other && !foreign) continue
    shown.append(cut.slice(done, match.index))
    done = match.index + found.length
    const mark = element(other ? 'mark' : 'span', other ? 'foreign' : 'escape', hidden ? spelledOut(hidden) : found)
    mark.title = other || hidden ? name(found) : 'written out, as it cannot be seen'
    shown.append(mark)
  }
  shown.append(cut.slice(done))
  if (cut.length < text.length) {
    const more = (text.length - cut.length).toLocaleString('en')
    shown.append(element('span', 'more', ` … and ${more} more characters`))
  }
  return shown
}

/** A warning if letters from outside of ASCII could make an address look like another. */
export function foreignLetters(text) {
  const letters = [...new Set(String(text).slice(0, CHARACTERS_MAX).match(/[^\0-\x7f]/gu))]
  if (letters.length === 0) return null
  const list = letters.slice(0, 5).map((letter) => (SPELLED_OUT.test(letter) ? name(letter) : `${letter} (${name(letter)})`))
  const warning = element('p', 'foreign-note', 'Not plain or not visible: ')
  warning.append(element('bdi', '', list.join(', ')), '. It may be made to look like another address.')
  return warning
}

const codePoint = (character) => character.codePointAt(0).toString(16)
const spelledOut = (character) => `\\u{${codePoint(character)}}`
const name = (character) => `U+${codePoint(character).toUpperCase().padStart(4, '0')}`
