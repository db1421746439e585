// Verifiers that live on while the keys change: jose, PyJWT and the npm package.

import assert from 'node:assert/strict'
import test from 'node:test'

import { decodeProtectedHeader } from 'jose'

import { ACCOUNT, AUDIENCE, PATIENCE, emulate } from './support/emulator.mjs'
import { minters } from './support/minters.mjs'
import { converse, environment } from './support/programs.mjs'

const [{ mint }] = minters.slice(-1)
const keyOf = (token) => decodeProtectedHeader(token).kid

for (const [program, ...job] of [['jose'], ['PyJWT'], ['callerid (npm)', 'verify']]) {
  test(`${program} caches keys, and follows their rotation`, { timeout: 2 * PATIENCE }, async () => {
    const google = await emulate('--proxy')
    const { ask } = converse(program, [...job, google.jwks.google, AUDIENCE], environment(google))
    const accepted = async (token) => {
      const { claims, ...error } = await ask(token)
      assert.deepEqual({ email: claims?.email, ...error }, { email: ACCOUNT })
    }

    const rotate = (step) => google.control('rotate', { step })

    const old = await mint(google)
    await accepted(old)
    await accepted(await mint(google))
    await rotate('announce')
    await rotate('advance')
    const young = await mint(google)
    assert.notEqual(keyOf(young), keyOf(old))
    await accepted(young)
    await accepted(old)
    await rotate('sudden')
    const youngest = await mint(google)
    await accepted(youngest)
    await google.control('status', { endpoint: 'keys', status: 503 })
    await accepted(youngest)
    await accepted(await mint(google))
  })
}
