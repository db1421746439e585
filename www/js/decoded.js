// The header and the claims, member by member, each with its meaning.

import { byId, element } from './dom.js'
import { ADDRESSES, CLAIMS, HEADER } from './glossary.js'
import { local, utc } from './moment.js'
import { foreignLetters, untrusted } from './untrusted.js'

const MEMBERS_MAX = 200
const DEPTH_MAX = 8

/** Shows both objects; hands each member's element to `link` by part and name. */
export function showDecoded(report, signature, link) {
  const claims = report.claims ?? report.unverified_claims
  const parts = []
  if (report.header !== null) parts.push(part('header', 'Header', 'how it is signed', report.header, HEADER, link))
  if (claims !== null) parts.push(part('payload', 'Payload', 'what it claims', claims, CLAIMS, link))
  if (report.header !== null && signature !== undefined) {
    const section = element('section', 'part', heading('signature', 'Signature', 'over both parts as they are written'))
    const bytes = Math.floor((signature.length * 3) / 4)
    section.append(element('p', '', signature === '' ? 'There is none.' : /^[\w-]+$/.test(signature) ? `${signature.length} characters, ${bytes} bytes.` : 'It is not base64url.'))
    link('signature', '', section)
    parts.push(section)
  }
  byId('decoded').replaceChildren(...parts)
}

function heading(className, title, about) {
  return element('h3', className, title, element('small', '', about))
}

function part(id, title, about, object, glossary, link) {
  const section = element('section', 'part', heading(id, title, about))
  const entries = Object.entries(object)
  for (const [name, value] of entries.slice(0, MEMBERS_MAX)) {
    const row = claim(name, value, glossary)
    link(id, name, row)
    section.append(row)
  }
  if (entries.length > MEMBERS_MAX) section.append(element('p', 'more', `… and ${entries.length - MEMBERS_MAX} more members`))
  return section
}

function claim(name, value, glossary) {
  const row = element('div', 'claim', element('div', 'name', untrusted(name, { limit: 200 })))
  const isAddress = ADDRESSES.has(name)
  const shown = element('div', 'value', ...valueOf(value, glossary, name, isAddress, 0))
  row.append(shown)
  const warning = isAddress && typeof value === 'string' ? foreignLetters(value) : null
  if (warning) row.append(warning)
  row.append(meaning(name, glossary))
  return row
}

function meaning(name, glossary) {
  const shown = element('div', 'meaning')
  if (!Object.hasOwn(glossary, name)) {
    shown.append('Not a claim that is known here.')
    return shown
  }
  const [sentence, specification] = glossary[name]
  const link = element('a', '', sourceOf(specification), element('span', 'unseen', ` on ${name}`))
  Object.assign(link, { href: specification, target: '_blank', rel: 'noreferrer noopener' })
  shown.append(sentence, ' ', link)
  return shown
}

const SOURCES = [
  [/rfc-editor\.org\/rfc\/rfc(\d+)/, 'RFC $1'],
  [/openid\.net/, 'OpenID Connect'],
  [/firebase\.google/, 'Firebase'],
  [/kubernetes\.io/, 'Kubernetes'],
  [/cloud\.google/, 'Google Cloud'],
  [/developers\.google/, 'Google']
]

function sourceOf(specification) {
  const [pattern, name] = SOURCES.find(([pattern]) => pattern.test(specification))
  return specification.match(pattern)[0].replace(pattern, name)
}

function valueOf(value, glossary, name, foreign, depth) {
  if (typeof value === 'string') return ['"', untrusted(value, { foreign }), '"']
  if (typeof value === 'number' || typeof value === 'bigint') return [element('span', 'number', String(value)), ...asTime(value, glossary, name)]
  if (value === null || typeof value === 'boolean') return [element('span', 'word', String(value))]
  const entries = Object.entries(value)
  if (entries.length === 0) return [Array.isArray(value) ? '[]' : '{}']
  if (depth >= DEPTH_MAX) return [element('span', 'more', '… deeper than is shown here')]
  const nested = element('div', 'nested')
  for (const [key, inner] of entries.slice(0, MEMBERS_MAX)) {
    const line = element('div', '')
    if (!Array.isArray(value)) line.append(element('span', 'key', untrusted(key, { limit: 200 })), ': ')
    line.append(...valueOf(inner, CLAIMS, key, foreign, depth + 1))
    nested.append(line)
  }
  if (entries.length > MEMBERS_MAX) nested.append(element('div', 'more', `… and ${entries.length - MEMBERS_MAX} more`))
  return [nested]
}

function asTime(value, glossary, name) {
  const isTime = Object.hasOwn(glossary, name) && glossary[name][2] === true
  if (!isTime || utc(Number(value)) === '') return []
  return [element('div', 'when', `${utc(Number(value))} · here ${local(Number(value))}`)]
}
