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

const audience = () => AUDIENCE
const byReport = ({ verdict, claims, code }) => (verdict === 'verified' ? { claims } : { error: code })

const VERIFIERS = {
  'google-auth': batch('google-auth', () => 'verify', audience),
  'google-auth, by an endpoint of its own': batch('google-auth', () => 'verify', audience, ({ certs }) => certs.google),
  'google-auth-library': batch('google-auth-library', () => 'verify', audience),
  'google-auth-library, by an endpoint of its own': batch('google-auth-library', () => 'verify', audience, ({ certs }) => certs.google),
  jose: lines('jose', ({ jwks }) => ['verify', jwks.google, AUDIENCE]),
  PyJWT: lines('PyJWT', ({ jwks }) => ['verify', jwks.google, AUDIENCE]),
  'callerid verify': lines('callerid', ({ jwks }) => ['verify', '--lines', '--json', '--audience', AUDIENCE, '--keys', jwks.google], byReport),
  'callerid verify, by certificates': lines('callerid', ({ certs }) => ['verify', '--lines', '--json', '--audience', AUDIENCE, '--keys', certs.google], byReport),
  'callerid (npm)': lines('callerid (npm)', ({ jwks }) => ['verify', jwks.google, AUDIENCE])
}

/** All of them, each with `judge(google, tokens)`: `{ claims }` or `{ error }` of each token, in order. */
export const verifiers = Object.entries(VERIFIERS).map(([name, judge]) => ({ name, judge }))
