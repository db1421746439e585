// Clients that call: every one with each source of credentials, to an emulated Cloud Run service and to a server
// behind the npm package.

import assert from 'node:assert/strict'
import test from 'node:test'

import { ACCOUNT, AUDIENCE, PATIENCE, TARGET, emulate } from './support/emulator.mjs'
import { answer, converse, emailOf, environment, run } from './support/programs.mjs'
import { read } from './support/tokens.mjs'

const google = await emulate('--proxy', '--protect', 'hello=run')
const server = converse('callerid (npm)', ['serve', google.jwks.google, AUDIENCE, ACCOUNT, TARGET], environment(google))
const choosy = converse('callerid (npm)', ['serve', google.jwks.google, AUDIENCE, 'ann@example.com'], environment(google))
const BACKENDS = {
  'Cloud Run': { url: google.protected.hello, audience: google.protected.hello },
  'a server behind authenticate': { url: (await server.next()).url, audience: AUDIENCE }
}
const choosyUrl = (await choosy.next()).url

const FILES = { 'key file': 'service_account', impersonation: 'impersonated_service_account' }
const CALLERS = {
  'google-auth': (source, audience, url) =>
    answer('google-auth', ['call', source.replace(' ', '_'), google.credentials[FILES[source]] ?? '-', audience, url], environment(google, source)),
  'google-auth-library': (source, audience, url) => answer('google-auth-library', ['call', audience, url], environment(google, source)),
  async 'callerid call'(source, audience, url) {
    const { status, out, err } = await run('callerid', ['call', url, '--audience', audience, '-i'], environment(google, source))
    const [head, ...body] = out.split(/\r?\n\r?\n/)
    const [, code] = /^HTTP\/\S+ (\d+)/.exec(head) ?? []
    if (code === undefined) throw new Error(`callerid call ended with ${status}: ${err}${out}`)
    return { status: Number(code), body: body.join('\n\n') }
  }
}

/** Who called: as the server says, or as the token says that was passed on to the container. */
function callerIn(body) {
  if (body.startsWith('Hello, ')) return body.replace('Hello, ', '')
  const { authorization } = JSON.parse(body).headers
  assert.ok(authorization.endsWith('.SIGNATURE_REMOVED_BY_GOOGLE'))
  return read(authorization).email
}

for (const [caller, call] of Object.entries(CALLERS)) {
  const check = (name, body) => test(`${caller}: ${name}`, { timeout: 2 * PATIENCE }, body)
  for (const [backend, { url, audience }] of Object.entries(BACKENDS)) {
    for (const source of ['key file', 'metadata', 'impersonation']) {
      check(`${source}, to ${backend}`, async () => {
        const { status, body } = await call(source, audience, url)
        assert.equal(status, 200)
        assert.equal(callerIn(body), emailOf(source))
      })
    }
    check(`with a token for somebody else, to ${backend}`, async () => {
      assert.equal((await call('metadata', 'https://other.example', url)).status, 401)
    })
  }
  check('not among the callers who may', async () => {
    assert.equal((await call('metadata', AUDIENCE, choosyUrl)).status, 403)
  })
}

test('nobody in particular', { timeout: PATIENCE }, async () => {
  const statuses = await Promise.all(Object.values(BACKENDS).map(async ({ url }) => (await fetch(url)).status))
  assert.deepEqual(statuses, [403, 401])
})
