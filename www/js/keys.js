// The keys: none, fetched from the issuer, or given; and the one that was used.

import { byId, element, fact, fill } from './dom.js'
import { fetchedAt } from './endpoint.js'
import { span, utc } from './moment.js'
import { isFromProgram } from './served.js'
import { copy, quoted } from './takeaway.js'
import { untrusted } from './untrusted.js'

const NONE = Object.freeze({ from: 'none' })

/** The keys as they stand: `{ from: 'none' | 'endpoint' }` or `{ from: 'given', text, sample, minted }`. */
export let keys = NONE

/** Calls `changed()` when there are other keys. */
export function watchKeys(changed) {
  const use = (chosen) => {
    keys = chosen
    return changed()
  }
  byId('fetch-keys').addEventListener('click', () => use({ from: 'endpoint' }))
  byId('get-keys').addEventListener('click', async () => {
    await use({ from: 'endpoint' })
    byId('verdict').focus()
  })
  byId('forget-keys').addEventListener('click', () => {
    byId('keys-text').value = ''
    use(NONE)
    byId('fetch-keys').focus()
  })
  byId('keys-text').addEventListener('input', ({ target }) => use(target.value.trim() === '' ? NONE : { from: 'given', text: target.value }))
  byId('copy-keys-command').addEventListener('click', async ({ target }) => {
    target.textContent = (await copy(byId('keys-command').textContent)) ? 'Copied' : 'Copy it from above'
  })
}

export function giveKeys(text, { sample = false, minted = false } = {}) {
  keys = text === undefined ? NONE : { from: 'given', text, sample, minted }
  byId('keys-text').value = text ?? ''
  byId('own-keys').open = text !== undefined && !sample && !minted
}

export function showKeys({ report, keysWrong, endpoint }) {
  const isFailed = keys.from === 'endpoint' && report.code === 'keys_unavailable'
  byId('keys-state').textContent = stateOf(endpoint, isFailed)
  const host = endpoint === undefined ? undefined : new URL(endpoint).hostname
  byId('fetch-keys').hidden = host === undefined || (keys.from === 'endpoint' && !isFailed)
  byId('fetch-keys').textContent = isFailed ? 'Try again' : `Fetch from ${host}`
  byId('forget-keys').hidden = keys.from === 'none'
  byId('keys-command').textContent = endpoint === undefined ? 'Complete “Issued by” first.' : `curl -sS ${quoted(endpoint)} -o keys.json`
  if (isFailed || keysWrong) byId('own-keys').open = true
  fill(byId('keys-wrong'), keysWrong ? untrusted(keysWrong) : null)
  showUsed(report, endpoint)
}

function stateOf(endpoint, isFailed) {
  if (isFailed && isFromProgram) return 'callerid could not get them; the check of the key says why.'
  if (isFailed) return 'The browser could not get them: it is offline, or the endpoint does not let pages of other hosts read it.'
  if (keys.sample) return 'Test keys of the samples, which everybody can have. They prove nothing.'
  if (keys.minted) return 'The key that this page made for its test tokens. It proves nothing.'
  if (keys.from === 'given') return 'Keys that you gave. A verdict is worth as much as the way by which you got them.'
  if (keys.from === 'none') return 'None yet. They are public; asking for them tells nobody which token you look at.'
  const at = fetchedAt(endpoint)
  return at === undefined ? 'Not needed so far.' : `Fetched ${span((Date.now() - at) / 1000)} ago.`
}

function showUsed({ key, key_source: source }, endpoint) {
  const list = byId('key-used')
  if (key === null) return fill(list)
  const rows = [
    ...fact('Key', untrusted(key.key_id ?? '(without an id)', { limit: 200 })),
    ...fact('Algorithm', `${key.algorithm}, ${key.bits} bits`),
    ...fact('Thumbprint', element('code', '', key.thumbprint))
  ]
  if (keys.from === 'endpoint') {
    rows.push(...fact('From', element('code', '', endpoint)))
    if (source?.expires_at) rows.push(...fact('Fresh until', utc(source.expires_at)))
  }
  fill(list, ...rows)
}
