// Everybody who can judge a token by the emulator's keys.

import { AUDIENCE } from './emulator.mjs'
import { answer, environment, run } from './programs.mjs'

const batch = (program, ...args) => (google, tokens) => answer(program, args.map((part) => part(google)), environment(google), tokens.join('\n'))

/** A program that prints a line of JSON for each token; `read` makes a verdict of it. */
const lines = (program, args, read = (verdict) => verdict) => async (google, tokens) => {
  const { out, err } = await run(program, args(google), environment(google), tokens.map((token) => `${token}\n`).join(''))
  const verdicts = out.trim().split('\n').map((line) => read(JSON.parse(line)))
  if (verdicts.length !== tokens.length) throw new Error(`${program}: ${verdicts.length} verdicts on ${tokens.length} tokens: ${err}`)
  return verdicts
}

const byReport = ({ verdict, claims, code }) => (verdict === 'verified' ? { claims } : { error: code })
const google = () => AUDIENCE
const iap = ({ iapAudience }) => iapAudience
const issuerOfIap = 'https://cloud.google.com/iap'

const OF_GOOGLE = {
  'google-auth': batch('google-auth', () => 'verify', google),
  'google-auth, by an endpoint of its own': batch('google-auth', () => 'verify', google, ({ certs }) => certs.google),
  'google-auth-library': batch('google-auth-library', () => 'verify', google),
  'google-auth-library, by an endpoint of its own': batch('google-auth-library', () => 'verify', google, ({ certs }) => certs.google),
  jose: lines('jose', ({ jwks }) => [jwks.google, AUDIENCE]),
  PyJWT: lines('PyJWT', ({ jwks }) => [jwks.google, AUDIENCE]),
  'callerid verify': lines('callerid', ({ jwks }) => ['verify', '--lines', '--json', '--audience', AUDIENCE, '--keys', jwks.google], byReport),
  'callerid verify, by certificates': lines('callerid', ({ certs }) => ['verify', '--lines', '--json', '--audience', AUDIENCE, '--keys', certs.google], byReport),
  'callerid (npm)': lines('callerid (npm)', ({ jwks }) => ['verify', jwks.google, AUDIENCE])
}

const OF_IAP = {
  'google-auth': batch('google-auth', () => 'verify', iap, () => 'https://www.gstatic.com/iap/verify/public_key'),
  'google-auth-library': batch('google-auth-library', () => 'verify-iap', iap),
  jose: lines('jose', ({ jwks, iapAudience }) => [jwks.iap, iapAudience, issuerOfIap, 'ES256']),
  PyJWT: lines('PyJWT', ({ jwks, iapAudience }) => [jwks.iap, iapAudience, issuerOfIap, 'ES256']),
  'callerid verify': lines('callerid', ({ jwks, iapAudience }) => ['verify', '--lines', '--json', '--profile', 'iap', '--audience', iapAudience, '--keys', jwks.iap], byReport),
  'callerid (npm)': lines('callerid (npm)', ({ jwks, iapAudience }) => ['verify', jwks.iap, iapAudience, 'iap'])
}

/** All of them, each with `judge(google, tokens)`: `{ claims }` or `{ error }` of each token, in order. */
const listed = (verifiers) => Object.entries(verifiers).map(([name, judge]) => ({ name, judge }))

/** Of ID tokens for `AUDIENCE`. */
export const verifiers = listed(OF_GOOGLE)
/** Of assertions of Identity-Aware Proxy for `google.iapAudience`. */
export const verifiersOfIap = listed(OF_IAP)
