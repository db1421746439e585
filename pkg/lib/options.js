// Reads the options of a verifier. What is misspelled, empty or unset is refused: it must not switch a
// check off.

const OPTIONS = ['anyCaller', 'audience', 'authorizedParty', 'cache', 'callers', 'clockSkew', 'fetch', 'insecureAnyAudience', 'keys', 'nonce', 'now', 'profile', 'timeout']
const DEMANDS = ['email', 'emailDomain', 'hostedDomain', 'project', 'subject']

// What other libraries call them.
const ALIASES = {
  aud: 'audience',
  azp: 'authorizedParty',
  audiences: 'audience',
  requiredaudience: 'audience',
  clientid: 'audience',
  allowedaud: 'audience',
  emails: 'callers',
  allowedcallers: 'callers',
  allow: 'callers',
  clocktolerance: 'clockSkew',
  leeway: 'clockSkew',
  skew: 'clockSkew',
  currentdate: 'now',
  clock: 'now',
  jwks: 'keys',
  jwksuri: 'keys',
  timeoutduration: 'timeout',
  hd: 'hostedDomain',
  domain: 'emailDomain',
  sub: 'subject'
}

const UNSET = 'is the variable that holds it set?'

/** The options as they are handed to the core; a TypeError if there is anything wrong with them. */
export function readOptions(options) {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError('the options must be an object: { audience, callers }')
  }
  refuseUnknown(options, OPTIONS, 'option')
  for (const name of Object.keys(options)) {
    if (options[name] === undefined || options[name] === null) {
      throw new TypeError(`${name} is ${options[name]} (${UNSET}); leave it out if it is not meant`)
    }
  }
  const { profile = 'google', authorizedParty, nonce, clockSkew, now, cache, fetch } = options
  if (nonce !== undefined) nonEmpty(nonce, 'nonce')
  if (clockSkew !== undefined && !isWhole(clockSkew, 0, 600)) {
    throw new TypeError('clockSkew must be a whole number of seconds, at most 600')
  }
  if (cache !== undefined && cache !== false && !isWhole(cache, 1, 1_000_000)) {
    throw new TypeError('cache must be false, or the number of tokens to remember')
  }
  for (const [name, value] of Object.entries({ now, fetch })) {
    if (value !== undefined && typeof value !== 'function') throw new TypeError(`${name} must be a function`)
  }
  return {
    profile: nonEmpty(profile, 'profile'),
    audiences: readAudience(options),
    rules: readCallers(options),
    isOneRule: options.callers !== undefined && !Array.isArray(options.callers),
    parties: authorizedParty === undefined ? [] : readList(authorizedParty, 'authorizedParty'),
    nonce,
    clockSkew,
    remembered: cache === false ? 0 : cache,
    now,
    fetch,
    timeout: readTimeout(options.timeout),
    ...readKeys(options.keys)
  }
}

function readAudience({ audience, insecureAnyAudience }) {
  readSwitch(insecureAnyAudience, 'insecureAnyAudience')
  if (audience === undefined) {
    if (insecureAnyAudience) return undefined
    throw new TypeError('audience is missing: the URL or client id that tokens for this service are made for')
  }
  if (insecureAnyAudience) throw new TypeError('audience and insecureAnyAudience exclude each other')
  return readList(audience, 'audience')
}

function readCallers({ callers, anyCaller }) {
  readSwitch(anyCaller, 'anyCaller')
  if (callers === undefined) {
    if (anyCaller) return undefined
    throw new TypeError(
      'callers is missing: anyone can have Google sign an ID token for any audience, so say who may call, ' +
        "such as callers: ['NAME@PROJECT.iam.gserviceaccount.com'], or decide yourself after anyCaller: true"
    )
  }
  if (anyCaller) throw new TypeError('callers and anyCaller exclude each other')
  if (typeof callers === 'object' && callers !== null && !Array.isArray(callers)) return [readRule(callers, 'callers')]
  if (!Array.isArray(callers)) {
    throw new TypeError('callers must be an array of e-mail addresses and rules (split a list in a variable with .split(","))')
  }
  if (callers.length === 0) throw new TypeError(`callers is empty (${UNSET})`)
  return callers.map((caller, at) => (typeof caller === 'object' && caller !== null ? readRule(caller, `callers[${at}]`) : nonEmpty(caller, `callers[${at}]`)))
}

function readRule(rule, place) {
  refuseUnknown(rule, DEMANDS, `member of ${place}`)
  const demands = Object.entries(rule)
  if (demands.length === 0) throw new TypeError(`${place} demands nothing`)
  return demands.flatMap(([name, value]) => {
    const values = name === 'email' ? readList(value, `${place}.email`) : [nonEmpty(value, `${place}.${name}`)]
    return values.map((value) => [name, value])
  })
}

function readKeys(keys) {
  if (keys === undefined) return {}
  if (keys instanceof URL) return { url: readUrl(keys.href) }
  if (typeof keys === 'object') return { document: JSON.stringify(keys) }
  const given = nonEmpty(keys, 'keys').trim()
  return /^[\w+.-]+:\/\//.test(given) ? { url: readUrl(given) } : { document: given }
}

function readUrl(given) {
  let url
  try {
    url = new URL(given)
  } catch {
    throw new TypeError('keys: the URL cannot be read')
  }
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback)) {
    throw new TypeError('keys: whoever answers decides which tokens are good, so the URL must begin with https:// (http:// only on the loopback interface)')
  }
  if (url.username !== '' || url.password !== '') throw new TypeError('keys: the URL must not hold a password')
  return url.href
}

function readTimeout(timeout = 5) {
  if (typeof timeout === 'number' && timeout > 0 && timeout <= 15) return timeout * 1000
  throw new TypeError('timeout must be a number of seconds, at most 15')
}

function readSwitch(value, name) {
  if (value !== undefined && typeof value !== 'boolean') throw new TypeError(`${name} must be true or false`)
}

function readList(value, name) {
  if (!Array.isArray(value)) return [nonEmpty(value, name)]
  if (value.length === 0) throw new TypeError(`${name} is empty (${UNSET})`)
  return value.map((item, at) => nonEmpty(item, `${name}[${at}]`))
}

function nonEmpty(value, name) {
  if (value === undefined || value === null) throw new TypeError(`${name} is ${value} (${UNSET})`)
  if (typeof value !== 'string') throw new TypeError(`${name} must be a string`)
  if (value.trim() === '') throw new TypeError(`${name} is empty (${UNSET})`)
  return value
}

function isWhole(value, least, most) {
  return Number.isInteger(value) && value >= least && value <= most
}

function refuseUnknown(object, known, what) {
  for (const name of Object.keys(object)) {
    if (known.includes(name)) continue
    const meant = ALIASES[name.toLowerCase().replace(/[_-]/g, '')]
    const near = known.includes(meant) ? meant : known.find((other) => distance(name.toLowerCase(), other.toLowerCase()) <= 2)
    const rest = near === undefined ? `they are ${known.join(', ')}` : `did you mean ${near}?`
    throw new TypeError(`there is no ${what} ${JSON.stringify(name.slice(0, 40))}; ${rest}`)
  }
}

/** The Levenshtein distance. */
function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1))
    }
    row = next
  }
  return row[b.length]
}
