// What a request holds, and what it is answered if its caller is not accepted.

import { decode } from './core.js'
import { adviceOn, CallerIdError } from './errors.js'

// Where Google's proxies and libraries put the tokens of these profiles, bare.
const OWN_HEADERS = {
  iap: 'x-goog-iap-jwt-assertion',
  'app-check': 'x-firebase-appcheck'
}

/**
 * The token of a request, whose headers `header` gives by their lower-case names.
 *
 * A header that is there is the only one that counts. Cloud Run, given both, checks
 * X-Serverless-Authorization, takes its signature away and leaves Authorization to the application;
 * given one, it takes the signature of that one away.
 */
export function tokenOf(header, profile) {
  const own = OWN_HEADERS[profile.split(':', 1)[0]]
  const token = own === undefined ? bearer(header('authorization') ?? header('x-serverless-authorization')) : header(own)
  if (!token) throw new CallerIdError(decode(''), { code: 'token_missing' })
  return token
}

// RFC 6750 section 2.1. What is not a token then is the core's to say.
function bearer(value) {
  return /^bearer +(.*)$/i.exec(value ?? '')?.[1]
}

/** Status, headers and body for a request that was refused. Nothing in it comes from the token or the rules. */
export function answerTo(error) {
  const advice = adviceOn(error instanceof CallerIdError ? error.code : undefined) ?? {
    status: 500,
    message: 'The service cannot check who is calling.',
    hint: 'See the log of the service.'
  }
  const headers = { 'cache-control': 'no-store', 'content-type': 'application/json; charset=utf-8' }
  const challenge = challengeOf(error.code, advice)
  if (challenge !== undefined) headers['www-authenticate'] = challenge
  if (advice.status === 503) headers['retry-after'] = String(error.retryAfter ?? 1)
  const code = advice.status === 500 ? 'internal_error' : error.code
  return { status: advice.status, headers, body: JSON.stringify({ code, message: advice.message, hint: advice.hint }) }
}

// RFC 6750 section 3: a request without a token is told no error code.
function challengeOf(code, { status, message }) {
  if (code === 'token_missing') return 'Bearer'
  if (status === 401) return `Bearer error="invalid_token", error_description="${message}"`
  return status === 403 ? `Bearer error="insufficient_scope", error_description="${message}"` : undefined
}
