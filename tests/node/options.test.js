import assert from 'node:assert/strict'
import test from 'node:test'

import { authenticate, createVerifier } from '../../pkg/index.js'
import { AUDIENCE, EMAIL, OPTIONS, keySet, makeKey } from './support/google.js'

const keys = keySet(makeKey('k1'))

const refused = [
  ['nothing', undefined, /must be an object/],
  ['a string', AUDIENCE, /must be an object/],
  ['no audience', { callers: [EMAIL] }, /audience is missing/],
  ['a misspelled audience', { audiance: AUDIENCE, callers: [EMAIL] }, /no option "audiance"; did you mean audience\?/],
  ["another library's audience", { requiredAudience: AUDIENCE, callers: [EMAIL] }, /did you mean audience\?/],
  ['an unknown option', { ...OPTIONS, zebra: 1 }, /no option "zebra"; they are anyCaller, audience/],
  ['an unset audience', { audience: undefined, callers: [EMAIL] }, /audience is undefined \(is the variable/],
  ['an empty audience', { audience: '', callers: [EMAIL] }, /audience is empty/],
  ['a blank audience', { audience: [AUDIENCE, ' '], callers: [EMAIL] }, /audience\[1\] is empty/],
  ['no audiences', { audience: [], callers: [EMAIL] }, /audience is empty/],
  ['an unset audience in a list', { audience: [undefined], callers: [EMAIL] }, /audience\[0\] is undefined/],
  ['a pattern', { audience: /x/, callers: [EMAIL] }, /must be a string/],
  ['audience both ways', { ...OPTIONS, insecureAnyAudience: true }, /exclude each other/],
  ['no caller rule', { audience: AUDIENCE }, /anyone can have Google sign.*anyCaller: true/],
  ['no callers', { audience: AUDIENCE, callers: [] }, /callers is empty/],
  ['unset callers', { audience: AUDIENCE, callers: undefined }, /callers is undefined/],
  ['an unset caller', { audience: AUDIENCE, callers: [undefined] }, /callers\[0\] is undefined/],
  ['callers as a string', { audience: AUDIENCE, callers: EMAIL }, /must be an array.*split/],
  ['callers both ways', { ...OPTIONS, anyCaller: true }, /exclude each other/],
  ['anyCaller as a word', { audience: AUDIENCE, anyCaller: 'true' }, /anyCaller must be true or false/],
  ['anyCaller off', { audience: AUDIENCE, anyCaller: false }, /callers is missing/],
  ['an empty rule', { audience: AUDIENCE, callers: [{}] }, /demands nothing/],
  ['an unset demand', { audience: AUDIENCE, callers: [{ email: undefined }] }, /callers\[0\].email is undefined/],
  ['an unknown demand', { audience: AUDIENCE, callers: [{ emial: EMAIL }] }, /did you mean email\?/],
  ['a malformed address', { audience: AUDIENCE, callers: ['robot'] }, /NAME@DOMAIN/],
  ['a malformed domain', { audience: AUDIENCE, callers: [{ hostedDomain: 'x' }] }, /EXAMPLE\.COM/],
  ['an unknown profile', { ...OPTIONS, profile: 'goggle' }, /profile: there is no such profile; the profiles are google/],
  ['a profile without its parameter', { ...OPTIONS, profile: 'firebase' }, /project's id/],
  ['an empty nonce', { ...OPTIONS, nonce: '' }, /nonce is empty/],
  ['a negative skew', { ...OPTIONS, clockSkew: -1 }, /clockSkew/],
  ['a skew that is no number', { ...OPTIONS, clockSkew: NaN }, /clockSkew/],
  ['a large skew', { ...OPTIONS, clockSkew: 601 }, /clockSkew/],
  ['milliseconds as timeout', { ...OPTIONS, timeout: 5000 }, /seconds, at most 15/],
  ['a timeout of nothing', { ...OPTIONS, timeout: 0 }, /timeout/],
  ['an infinite cache', { ...OPTIONS, cache: Infinity }, /cache/],
  ['a cache switched on', { ...OPTIONS, cache: true }, /cache/],
  ['a time as now', { ...OPTIONS, now: 5 }, /now must be a function/],
  ['an address as fetch', { ...OPTIONS, fetch: 'x' }, /fetch must be a function/],
  ['empty keys', { ...OPTIONS, keys: '' }, /keys is empty/],
  ['no keys', { ...OPTIONS, keys: { keys: [] } }, /keys: the key set holds no key/],
  ['no usable keys', { ...OPTIONS, keys: { keys: [{ kty: 'oct', k: 'AAAA', kid: 'k1' }] } }, /keys: none of them can be used/],
  ['something else as keys', { ...OPTIONS, keys: 'hello' }, /keys: the document is neither/],
  ['keys over http', { ...OPTIONS, keys: 'http://keys.example/' }, /https/],
  ['keys over http from a host with a loopback look', { ...OPTIONS, keys: 'http://127.0.0.1.keys.example/' }, /https/],
  ['keys from a file', { ...OPTIONS, keys: 'file:///etc/passwd' }, /https/],
  ['keys from an address with a password', { ...OPTIONS, keys: 'https://a:b@keys.example/' }, /password/]
]

for (const [what, options, message] of refused) {
  test(`refuses ${what}`, () => {
    for (const make of [createVerifier, authenticate]) assert.throws(() => make(options), { name: 'TypeError', message })
  })
}

test('accepts what is meant', () => {
  for (const options of [
    { insecureAnyAudience: true, anyCaller: true },
    { ...OPTIONS, keys },
    { ...OPTIONS, keys: JSON.stringify(keys) },
    { ...OPTIONS, keys: new URL('https://keys.example/') },
    { ...OPTIONS, keys: 'http://localhost:1/' },
    { ...OPTIONS, keys: 'http://[::1]:1/', timeout: 0.5, cache: 10, clockSkew: 0, profile: 'gke:https://container.googleapis.com/v1/projects/p/locations/l/clusters/c' }
  ]) {
    createVerifier(options)
  }
})

test('a clock that gives milliseconds is refused when it is asked', () => {
  for (const now of [() => Date.now(), () => NaN, () => -1, () => '5']) {
    const verifier = createVerifier({ ...OPTIONS, keys, now })
    assert.throws(() => verifier.verifySync('x'), { name: 'TypeError', message: /seconds/ })
  }
})
