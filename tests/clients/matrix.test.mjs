// Whoever gets a token and whoever judges it must agree: every minter's token before every verifier.

import assert from 'node:assert/strict'
import test from 'node:test'

import { AUDIENCE, ITSELF, PATIENCE, emulate } from './support/emulator.mjs'
import { minters } from './support/minters.mjs'
import { forge } from './support/tokens.mjs'
import { verifiers } from './support/verifiers.mjs'

const google = await emulate('--proxy')
const stranger = await emulate()
const [anyMinter] = minters.slice(-1)

// What an external account may act as has no other way to an ID token in google-auth-library.
await google.control('grant', ITSELF)

/** The token of every minter, or why there is none; then tokens that nobody may accept. */
const tokens = await Promise.all(minters.map(({ mint }) => mint(google).catch((error) => error)))
const good = await anyMinter.mint(google)
const BAD = {
  'for somebody else': await anyMinter.mint(google, 'https://other.example'),
  'with another caller written in': forge(good, { email: 'admin@example.com' }),
  'with its signature removed': good.replace(/[^.]+$/, 'SIGNATURE_REMOVED_BY_GOOGLE'),
  'by another Google': await anyMinter.mint(stranger)
}

for (const { name, judge } of verifiers) {
  let judging
  /** The verdict on the token at this place; a verifier is asked once about all. */
  const verdict = async (at) => {
    const minted = tokens.map((token) => (token instanceof Error ? 'none' : token))
    judging ??= judge(google, [...minted, ...Object.values(BAD)])
    return (await judging)[at]
  }
  const check = (what, body) => test(`${name} ${what}`, { timeout: 2 * PATIENCE }, body)

  for (const [at, minter] of minters.entries()) {
    check(`accepts a token of ${minter.name}`, async () => {
      if (tokens[at] instanceof Error) throw tokens[at]
      const { claims, ...rest } = await verdict(at)
      assert.deepEqual({ email: claims?.email, aud: claims?.aud, ...rest }, { email: minter.email, aud: AUDIENCE })
    })
  }
  for (const [at, what] of Object.keys(BAD).entries()) {
    check(`refuses a token ${what}`, async () => {
      const { claims, error } = await verdict(minters.length + at)
      assert.equal(claims, undefined)
      assert.ok(error)
    })
  }
}
