// The workshop for test tokens: what to make, what came of it, and what to do with it.

import { button, element, fill } from './dom.js'
import { field, select, tick } from './fields.js'
import { Draft, load, newKey, sign, testTokenKinds } from './mint-module.js'
import { readMoment, span } from './moment.js'
import { copy } from './takeaway.js'

const TITLES = {
  'google-service-account': 'Service account’s ID token',
  'google-service-account-without-email': 'The same without e-mail',
  'google-user': 'Sign in with Google',
  'compute-engine': 'Compute Engine',
  iap: 'Identity-Aware Proxy',
  firebase: 'Firebase ID token',
  'firebase-session': 'Firebase session cookie',
  'app-check': 'Firebase App Check',
  'service-account': 'Self-signed by an account',
  chat: 'Google Chat',
  'confidential-space': 'Confidential Space',
  gke: 'A GKE cluster'
}

const keys = new Map()

/** The key for an algorithm, the same until another is asked for. */
function keyFor(algorithm) {
  if (!keys.has(algorithm)) keys.set(algorithm, newKey(algorithm))
  return keys.get(algorithm)
}

export async function showMint(body, inspect) {
  await load()
  const kinds = JSON.parse(testTokenKinds())
  const parts = {
    kind: select('mint-kind', 'Kind of token', kinds.map(({ name }) => [name, TITLES[name] ?? name])),
    algorithm: select('mint-algorithm', 'Signed with', [['RS256', 'RS256 (RSA, 2048 bits)'], ['ES256', 'ES256 (P-256)']]),
    issuer: field('mint-issuer', 'Issued by'),
    audience: field('mint-audience', 'Made for (audience)'),
    email: field('mint-email', 'Caller’s e-mail'),
    subject: field('mint-subject', 'Subject'),
    lifetime: field('mint-lifetime', 'Lives for, in seconds'),
    moment: field('mint-moment', 'Issued at')
  }
  parts.moment.input.placeholder = 'now'
  parts.lifetime.input.inputMode = 'numeric'
  const imitate = tick('mint-imitate', 'Imitate Google')
  const danger = element('p', 'danger', 'The token will name Google, or an account, as its issuer. Whoever trusts the key below will take it for a real one. Give that key to tests only; the header says ', element('code', '', '"callerid_test": true'), '.')
  const wrong = element('p', 'wrong')
  wrong.setAttribute('role', 'alert')
  const made = element('div', 'made')
  const make = button('Make the token', () => void run())
  make.className = 'primary'
  make.id = 'mint-make'
  const form = element('div', 'mint-form', ...Object.values(parts).map(({ row }) => row))
  body.replaceChildren(form, imitate.row, danger, element('p', '', make), wrong, made)

  const kindNow = () => kinds.find(({ name }) => name === parts.kind.input.value)

  /** What cannot be chosen is not offered; what is left empty is invented, and shown. */
  const update = ({ isOther = false } = {}) => {
    const { algorithms, hasEmail } = kindNow()
    parts.email.row.hidden = !hasEmail
    danger.hidden = !imitate.input.checked
    for (const option of parts.algorithm.input.options) option.disabled = imitate.input.checked && !algorithms.includes(option.value)
    if (isOther || parts.algorithm.input.selectedOptions[0].disabled) parts.algorithm.input.value = algorithms[0]
    const { iss, aud, email, sub, iat, exp } = invented(kindNow().name, imitate.input.checked)
    parts.issuer.input.placeholder = iss
    parts.audience.input.placeholder = [aud].flat()[0]
    parts.email.input.placeholder = email ?? ''
    parts.subject.input.placeholder = sub ?? ''
    parts.lifetime.input.placeholder = String(exp - iat)
  }
  parts.kind.input.addEventListener('change', () => update({ isOther: true }))
  imitate.input.addEventListener('change', () => update())
  update({ isOther: true })

  async function run() {
    make.disabled = true
    fill(wrong)
    try {
      const algorithm = parts.algorithm.input.value
      const key = await keyFor(algorithm)
      const answer = finish(read(), key)
      show(made, { ...answer, publicKeys: key.publicKeys(), imitates: imitate.input.checked }, inspect, () => {
        keys.delete(algorithm)
        return run()
      })
    } catch (error) {
      made.replaceChildren()
      const [what, hint] = error.message.split('\n')
      fill(wrong, `${what.charAt(0).toUpperCase()}${what.slice(1).replace(/\.$/, '')}. ${hint ?? ''}`)
    } finally {
      make.disabled = false
    }
  }

  const read = () => {
    const texts = Object.fromEntries(Object.entries(parts).map(([name, { input }]) => [name, input.value.trim()]))
    return { ...texts, imitates: imitate.input.checked, hasEmail: kindNow().hasEmail }
  }
}

function start(kind, imitates) {
  const draft = new Draft(kind)
  if (imitates) draft.imitateGoogle()
  return draft
}

function invented(kind, imitates) {
  const draft = start(kind, imitates)
  try {
    return JSON.parse(draft.claims(0))
  } finally {
    draft.free()
  }
}

const LIFETIME_MAX = 0xffff_ffff

/** The signed token, and how to judge it. */
function finish({ kind, imitates, hasEmail, issuer, audience, email, subject, lifetime, moment }, key) {
  const draft = start(kind, imitates)
  try {
    if (issuer !== '') draft.issuer(issuer)
    if (audience !== '') draft.audience(audience)
    if (email !== '' && hasEmail) draft.email(email)
    if (subject !== '') draft.subject(subject)
    if (lifetime !== '') {
      if (!/^\d{1,10}$/.test(lifetime) || Number(lifetime) > LIFETIME_MAX) throw new Error('The lifetime is no number of seconds\nWrite digits alone, such as 3600.')
      draft.lifetime(Number(lifetime))
    }
    const issued = readMoment(moment) ?? Date.now() / 1000
    if (Number.isNaN(issued)) throw new Error('The time is in none of the known forms\nLeave it empty for now, or write 2025-10-09T08:53:20Z, or seconds since 1970.')
    const token = sign(draft, key, issued)
    const claims = JSON.parse(draft.claims(issued))
    return { token, claims, profile: profileOf(draft) }
  } finally {
    draft.free()
  }
}

function profileOf(draft) {
  try {
    return draft.profile()
  } catch {
    return 'google' // no profile is made for such an issuer
  }
}

function show(made, { token, claims, profile, publicKeys, imitates }, inspect, again) {
  const text = element('pre', imitates ? 'imitation' : '', token)
  text.id = 'mint-token'
  text.tabIndex = 0
  text.setAttribute('aria-label', 'The token')
  const said = element('p', 'help', `Made, good for ${span(claims.exp - claims.iat)}.`)
  said.setAttribute('role', 'status')
  const take = (label, words) => {
    const taker = button(label, async () => {
      said.textContent = (await copy(words)) ? 'Copied.' : 'The browser did not let it be copied.'
    })
    return taker
  }
  const look = button('Inspect this', () => {
    inspect({ token, keys: publicKeys, profile, audience: [claims.aud].flat()[0], email: claims.email })
  })
  look.id = 'mint-inspect'
  const keySet = element('details', '', element('summary', '', 'Its public key, as a JWK set'), element('pre', '', publicKeys))
  keySet.lastChild.tabIndex = 0
  made.replaceChildren(
    element('h3', imitates ? 'danger-title' : '', imitates ? 'An imitation of Google’s' : 'The token'),
    text,
    said,
    element('div', 'take', look, take('Copy the token', token), take('Copy its JWK set', publicKeys), button('Another key', () => void again())),
    keySet,
    element('p', 'help', 'The private key was made by your browser, is in this tab alone, and is gone when you leave.')
  )
}
