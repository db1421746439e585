// Identity-Aware Proxy: Google's clients get in with the audience that it names, and whoever judges the assertion
// behind it agrees on who called.

import assert from 'node:assert/strict'
import test from 'node:test'

import { ACCOUNT, PATIENCE, emulate } from './support/emulator.mjs'
import { answer, environment, run } from './support/programs.mjs'
import { forge, read } from './support/tokens.mjs'
import { verifiersOfIap } from './support/verifiers.mjs'

const google = await emulate('--proxy', '--protect', 'admin=iap')
const url = google.protected.admin
// Who comes without a token is sent to sign in, and so learns the client.
const signIn = new URL((await fetch(url, { redirect: 'manual' })).headers.get('location'))
const client = signIn.searchParams.get('client_id')
const { assertion } = await google.control('iap-assertion', { email: 'ann@example.com' })
google.iapAudience = read(assertion).aud

const check = (name, body) => test(name, { timeout: 2 * PATIENCE }, body)

function letIn(body) {
  const { email, sub } = read(JSON.parse(body).headers['x-goog-iap-jwt-assertion'])
  assert.equal(email, ACCOUNT)
  assert.match(sub, /^accounts\.google\.com:\d+$/)
}

check('google-auth gets in', async () => {
  const file = google.credentials.service_account
  const { status, body } = await answer('google-auth', ['call', 'key_file', file, client, url], environment(google))
  assert.equal(status, 200)
  letIn(body)
})

check('google-auth-library gets in', async () => {
  const { status, body } = await answer('google-auth-library', ['call', client, url], environment(google, 'metadata'))
  assert.equal(status, 200)
  letIn(body)
})

check('callerid call gets in', async () => {
  const { status, out } = await run('callerid', ['call', url, '--audience', client], environment(google, 'metadata'))
  assert.equal(status, 0)
  letIn(out)
})

for (const { name, judge } of verifiersOfIap) {
  check(`${name} knows the caller behind it`, async () => {
    const [good, bad] = await judge(google, [assertion, forge(assertion, { email: 'admin@example.com' })])
    assert.equal(good.claims?.email, 'ann@example.com')
    assert.ok(bad.error)
  })
}
