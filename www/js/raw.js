// The token as it is, its three parts in colours, and in each part the stretch of every member.

import { byId, element } from './dom.js'
import { untrusted } from './untrusted.js'

const SHOWN_MAX = 6000
const PARTS = ['header', 'payload', 'signature']

/** Shows the token; hands each stretch to `link` by part and name. */
export function showRaw(token, link) {
  const raw = byId('raw')
  const pieces = token.split('.')
  if (pieces.length !== 3 || token.length > SHOWN_MAX * 3) {
    raw.replaceChildren(untrusted(token, { limit: SHOWN_MAX }))
    return
  }
  raw.replaceChildren()
  pieces.forEach((piece, at) => {
    if (at > 0) raw.append(element('span', 'dot', '.'))
    for (const [name, text] of at < 2 ? stretches(piece) : [['', piece]]) {
      const span = element('span', PARTS[at], untrusted(text, { limit: SHOWN_MAX }))
      if (name !== undefined) link(PARTS[at], name, span)
      raw.append(span)
    }
  })
}

/** A part of base64url cut where its JSON's members begin and end. */
function stretches(piece) {
  const bytes = bytesOf(piece)
  if (bytes === undefined) return [[undefined, piece]]
  const cuts = []
  let done = 0
  for (const { name, start, end } of membersOf(bytes)) {
    const from = Math.max(Math.floor((start * 4) / 3), done)
    const to = Math.ceil((end * 4) / 3)
    if (from > done) cuts.push([undefined, piece.slice(done, from)])
    cuts.push([name, piece.slice(from, to)])
    done = to
  }
  if (done < piece.length) cuts.push([undefined, piece.slice(done)])
  return cuts
}

function bytesOf(piece) {
  try {
    return Uint8Array.from(atob(piece.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}

/** Where the members of the outermost object stand, in bytes. Judges nothing: what is no JSON has none. */
export function membersOf(bytes) {
  const found = []
  let depth = 0
  let start = -1
  let nameEnd = -1
  const close = (end) => {
    if (start >= 0 && nameEnd > start) found.push({ name: nameOf(bytes.subarray(start, nameEnd)), start, end })
    start = nameEnd = -1
  }
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === 0x22) {
      const opened = at
      for (at++; at < bytes.length && bytes[at] !== 0x22; at++) if (bytes[at] === 0x5c) at++
      if (depth === 1 && start < 0) [start, nameEnd] = [opened, at + 1]
    } else if (byte === 0x7b || byte === 0x5b) depth++
    else if (byte === 0x7d || byte === 0x5d) {
      if (--depth === 0) close(at)
    } else if (byte === 0x2c && depth === 1) close(at)
  }
  return found
}

function nameOf(bytes) {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}
