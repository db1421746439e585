// Commands and texts to take along. None but the redacted copy holds anything of the token.

import { byId, button } from './dom.js'
import { untrusted } from './untrusted.js'
import { utc } from './moment.js'

const TOKEN_HINT = 'The token is not in it: put it into the variable TOKEN (read -rs TOKEN).'
const ITEMS = [
  ['callerid verify', TOKEN_HINT, command],
  ['curl', TOKEN_HINT, curl],
  ['Node', 'The same expectations for your service.', node],
  ['JSON report', 'The report as every interface of callerid gives it. It holds the claims.', ({ report }) => String(report)],
  ['Redacted token', 'Header and claims without the signature: nobody can use it, but everybody can read it.', redacted]
]

/** Makes the buttons; `current` gives the question and its report. */
export function offerTakeaway(current) {
  byId('take').append(...ITEMS.map(([label, about, make]) => button(`Copy: ${label}`, () => take(make(current()), about))))
}

export function forgetTaken() {
  byId('taken').hidden = true
  byId('taken').replaceChildren()
  byId('taken-about').textContent = ''
}

async function take(text, about) {
  const lines = text.trimEnd().split('\n').map((line) => untrusted(line, { limit: 20_000 }))
  byId('taken').replaceChildren(...lines.flatMap((line) => [line, '\n']))
  byId('taken').hidden = false
  byId('taken-about').textContent = `${(await copy(text)) ? 'Copied.' : 'Copy it from here.'} ${about}`
}

/** Whether the browser let it be copied. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

/** A text as one word for a POSIX shell; what cannot be seen is spelled out. */
export function quoted(text) {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text
  if (/^[\x20-\x7e]*$/.test(text)) return `'${text.replaceAll("'", `'\\''`)}'`
  const bytes = [...new TextEncoder().encode(text)]
  const spelled = bytes.map((byte) => (byte < 0x20 || byte > 0x7e || byte === 0x27 || byte === 0x5c ? `\\x${byte.toString(16).padStart(2, '0')}` : String.fromCharCode(byte)))
  return `$'${spelled.join('')}'`
}

function command({ profile, audience, email, moment, keys }) {
  const words = ['callerid verify', `--profile ${quoted(profile)}`]
  words.push(audience.trim() === '' ? '--insecure-any-audience' : `--audience ${quoted(audience)}`)
  if (email.trim() !== '') words.push(`--email ${quoted(email.trim())}`)
  if (moment !== undefined) words.push(`--now ${utc(moment)}`)
  if (keys.from === 'given') words.push('--keys keys.json')
  return `${words.join(' \\\n  ')} \\\n  "$TOKEN"\n`
}

function curl({ profile, audience, report }) {
  const header = profile === 'iap' ? 'x-goog-iap-jwt-assertion: $TOKEN' : profile.startsWith('app-check') ? 'X-Firebase-AppCheck: $TOKEN' : 'Authorization: Bearer $TOKEN'
  const claimed = (report.claims ?? report.unverified_claims)?.aud
  const url = [audience, claimed].find((text) => typeof text === 'string' && /^https?:\/\/[\x21-\x7e]+$/.test(text)) ?? 'https://YOUR-SERVICE'
  return `curl -i -H "${header}" ${quoted(url)}\n`
}

function node({ profile, audience, email }) {
  const options = [
    ...(profile === 'google' ? [] : [`profile: ${JSON.stringify(profile)}`]),
    audience.trim() === '' ? "audience: 'SAY WHO YOU ARE'" : `audience: ${JSON.stringify(audience)}`,
    email.trim() === '' ? "callers: ['SAY WHO MAY CALL']" : `callers: [${JSON.stringify(email.trim())}]`
  ]
  return `import { createVerifier } from 'callerid'\n\nconst verifier = createVerifier({\n  ${options.join(',\n  ')}\n})\nconst caller = await verifier.verify(token)\n`
}

// In the words of Cloud Run's own redaction, by which everybody recognises what was done to it.
function redacted({ token, report }) {
  if (report.header === null) return `(${report.description}; nothing of it can be shown)`
  return `${token.split('.').slice(0, 2).join('.')}.SIGNATURE_REMOVED_BY_GOOGLE`
}
