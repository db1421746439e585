// Whoever gets a token and whoever judges it must agree: every minter's token before every verifier.

import assert from 'node:assert/strict'
import test from 'node:test'

import { AUDIENCE, PATIENCE, emulate } from './support/emulator.mjs'
import { minters } from './support/minters.mjs'
import { verifiers } from './support/verifiers.mjs'

const google = await emulate('--proxy')
const stranger = await emulate()
const [anyMinter] = minters.slice(-1)

/** The token of every minter, or why there is none; then tokens that nobody may accept. */
const tokens = await Promise.all(minters.map(({ mint }) => mint(google).catch((error) => error)))
const good = await anyMinter.mint(google)
const BAD = {
  'for somebody else': await anyMinter.mint(google, 'https://other.example'),
  'with another caller written in': good.replace(/\.(.*)\./, (_, payload) => `.${forge(payload)}.`),
  'with its signature removed': good.replace(/[^.]+$/, 'SIGNATURE_REMOVED_BY_GOOGLE'),
  'by another Google': await anyMinter.mint(stranger)
}

function forge(payload) {
  const claims = JSON.parse(Buffer.from(payload, 'base64url'))
  return Buffer.from(JSON.stringify({ ...claims, email: 'admin@example.com' })).toString('base64url')
}

for (const { name, judge } of verifiers) {
  test(name, { timeout: 2 * PATIENCE }, async (t) => {
    const minted = tokens.map((token) => (token instanceof Error ? 'none' : token))
    const verdicts = await judge(google, [...minted, ...Object.values(BAD)])
    for (const [at, minter] of minters.entries()) {
      await t.test(`accepts a token of ${minter.name}`, () => {
        if (tokens[at] instanceof Error) throw tokens[at]
        const { claims, ...rest } = verdicts[at]
        assert.deepEqual({ email: claims?.email, aud: claims?.aud, ...rest }, { email: minter.email, aud: AUDIENCE })
      })
    }
    for (const [at, what] of Object.keys(BAD).entries()) {
      await t.test(`refuses a token ${what}`, () => {
        const { claims, error } = verdicts[minters.length + at]
        assert.equal(claims, undefined)
        assert.ok(error)
      })
    }
  })
}
