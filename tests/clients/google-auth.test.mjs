// google-auth, Google's library for Python.

import assert from 'node:assert/strict'
import test from 'node:test'

import { AUDIENCE, PATIENCE, emulate } from './support/emulator.mjs'
import { answer, emailOf, environment } from './support/programs.mjs'
import { claimsOf, tokenInfo } from './support/tokens.mjs'

const google = await emulate('--proxy')
const FILES = { 'key file': google.credentials.service_account, metadata: '-', impersonation: google.credentials.impersonated_service_account }

const check = (name, body) => test(name, { timeout: 2 * PATIENCE }, body)
const ask = (source, ...args) => answer('google-auth', args, environment(google, source))

for (const [source, file] of Object.entries(FILES)) {
  const kind = source.replace(' ', '_')
  check(`fetch_id_token, ${source}`, async () => {
    const { token } = await ask(source, 'fetch', AUDIENCE)
    const { email, email_verified } = await claimsOf(google, token)
    assert.deepEqual([email, email_verified], [emailOf(source), true])
  })
  check(`IDTokenCredentials, ${source}`, async () => {
    const { token, expiry } = await ask(source, 'credentials', kind, file, AUDIENCE)
    const { email, exp } = await claimsOf(google, token)
    assert.equal(email, emailOf(source))
    assert.equal(Date.parse(`${expiry}Z`), exp * 1000)
  })
  check(`an access token, ${source}`, async () => {
    const { token } = await ask(source, 'access', kind, file)
    assert.equal((await tokenInfo(google, token)).email, emailOf(source))
  })
}

for (const source of ['user', 'external account']) {
  check(`google.auth.default, ${source}`, async () => {
    const { token } = await ask(source, 'access', 'default', '-')
    assert.equal((await tokenInfo(google, token)).email, emailOf(source))
  })
}
