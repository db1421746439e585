// google-auth-library, Google's library for Node.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'

import { AUDIENCE, ITSELF, PATIENCE, TARGET, USER, emulate } from './support/emulator.mjs'
import { answer, emailOf, environment } from './support/programs.mjs'
import { claimsOf, tokenInfo } from './support/tokens.mjs'

const google = await emulate('--proxy')

const check = (name, body) => test(name, { timeout: 2 * PATIENCE }, body)
const ask = (source, ...args) => answer('google-auth-library', args, environment(google, source))

for (const source of ['key file', 'metadata', 'impersonation']) {
  check(`getIdTokenClient, ${source}`, async () => {
    const { token } = await ask(source, 'fetch', AUDIENCE)
    const { email, email_verified } = await claimsOf(google, token)
    assert.deepEqual([email, email_verified], [emailOf(source), true])
  })
}

check('an account may act as itself only if it has the role', async () => {
  const asItself = () => ask('external account', 'impersonate', TARGET, AUDIENCE)
  await assert.rejects(asItself(), /Permission 'iam.serviceAccounts.getOpenIdToken' denied/)
  await google.control('grant', ITSELF)
  assert.equal((await claimsOf(google, (await asItself()).token)).email, TARGET)
})

for (const source of ['key file', 'metadata', 'impersonation', 'external account', 'user']) {
  check(`getAccessToken, ${source}`, async () => {
    const { token } = await ask(source, 'access')
    assert.equal((await tokenInfo(google, token)).email, emailOf(source))
  })
  check(`Impersonated, for whom the source is ${source}`, async () => {
    const { token } = await ask(source, 'impersonate', TARGET, AUDIENCE)
    assert.equal((await claimsOf(google, token)).email, TARGET)
  })
}

check('an external account has no ID token of its own', async () => {
  await assert.rejects(ask('external account', 'fetch', AUDIENCE), /Cannot fetch ID token in this environment/)
})

check('a user has ID tokens for the program alone that was logged in to', async () => {
  const { token } = await ask('user', 'fetch', AUDIENCE)
  const { client_id } = JSON.parse(readFileSync(google.credentials.authorized_user, 'utf8'))
  assert.equal((await claimsOf(google, token, client_id)).email, USER)
})
