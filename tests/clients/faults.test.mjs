// Google's libraries where something goes wrong: what they try again, and what they refuse.

import assert from 'node:assert/strict'
import test from 'node:test'

import { ACCOUNT, AUDIENCE, PATIENCE, emulate } from './support/emulator.mjs'
import { answer, environment } from './support/programs.mjs'
import { claimsOf } from './support/tokens.mjs'

const google = await emulate('--proxy')

/** The order, its body, where the token comes from, and what each library makes of it. */
const FAULTS = [
  ['status', { endpoint: 'token', status: 503, count: 1 }, 'key file', {}],
  ['status', { endpoint: 'metadata', status: 503, count: 1 }, 'metadata', { 'google-auth': /DefaultCredentialsError/ }],
  ['wrong-flavor', { endpoint: 'metadata' }, 'metadata', { 'google-auth': /DefaultCredentialsError/, 'google-auth-library': /Could not load the default credentials/ }],
  ['account', { email: ACCOUNT, key_deleted: true }, 'key file', { 'google-auth': /Invalid JWT Signature/, 'google-auth-library': /Invalid JWT Signature/ }],
  ['account', { email: ACCOUNT, deleted: true }, 'key file', { 'google-auth': /account not found/, 'google-auth-library': /account not found/ }],
  ['clock', { offset: 7200 }, 'key file', { 'google-auth': /short-lived token/, 'google-auth-library': /short-lived token/ }],
  ['metadata', { is_cloud_build: true }, 'metadata', { 'google-auth': /404|not found/i, 'google-auth-library': /404|not found/i }]
]

for (const program of ['google-auth', 'google-auth-library']) {
  for (const [order, body, source, expected] of FAULTS) {
    const name = `${program}, ${source}, where the emulator is told: ${order} ${JSON.stringify(body)}`
    test(name, { timeout: 2 * PATIENCE }, async () => {
      await google.control('reset')
      await google.control(order, body)
      const asked = answer(program, ['fetch', AUDIENCE], environment(google, source))
      if (expected[program] !== undefined) return assert.rejects(asked, expected[program])
      assert.equal((await claimsOf(google, (await asked).token)).email, ACCOUNT)
    })
  }
}
