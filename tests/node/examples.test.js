// The examples, started as they are deployed and driven over HTTP.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import test from 'node:test'

import { AUDIENCE, EMAIL, claims, keyEndpoint, makeKey, mint } from './support/google.js'
import { emulate } from './support/emulator.js'
import { copy, project } from './support/package.js'

/** Starts an example in a project of its own; gives its address, and what it printed. */
async function start(t, name, linked, command, variables) {
  const folder = await project(t, {}, { linked })
  copy(`examples/${name}`, folder)
  const { PATH } = process.env
  const child = spawn(process.execPath, command, { cwd: folder, env: { PATH, ...variables }, stdio: ['ignore', 'pipe', 'pipe'] })
  t.after(() => child.kill('SIGKILL'))
  const printed = { text: '' }
  const port = new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        printed.text += chunk
        const found = /(?:listening on |URL: http:\/\/localhost:)(\d+)/.exec(printed.text)
        if (found) resolve(found[1])
      })
    }
    child.on('exit', (status) => reject(new Error(`ended with ${status}: ${printed.text}`)))
  })
  port.catch(() => {})
  return { printed, port, url: async () => `http://127.0.0.1:${await port}/` }
}

const FUNCTION = ['node_modules/@google-cloud/functions-framework/build/src/main.js', '--target=greet']
const get = (url, token, headers = {}) => fetch(url, { headers: { ...(token && { authorization: `Bearer ${token}` }), ...headers } })
const freePort = () => String(20_000 + Math.floor(Math.random() * 20_000))

test('the Cloud Function', async (t) => {
  const key = makeKey('k1')
  const endpoint = await keyEndpoint(t, key)
  const variables = { PORT: freePort(), GOOGLE_CLOUD_PROJECT: 'project-1', AUDIENCE, ALLOWED_CALLERS: `other@p.iam.gserviceaccount.com, ${EMAIL}`, KEYS_URL: endpoint.url }
  const { printed, url } = await start(t, 'cloud-function', ['@google-cloud/functions-framework'], FUNCTION, variables)
  const trace = { 'x-cloud-trace-context': `${'0123456789abcdef'.repeat(2)}/7;o=1` }

  const good = await get(await url(), mint(key), trace)
  assert.deepEqual([good.status, await good.json()], [200, { hello: EMAIL }])
  assert.equal((await get(await url())).status, 401)
  const token = mint(key, claims({ aud: 'https://other.example' }))
  assert.equal((await get(await url(), token, trace)).status, 401)
  assert.equal((await get(await url(), mint(key, claims({ email: 'eve@example.com' })))).status, 403)
  assert.equal(endpoint.fetches, 1)

  const entries = printed.text.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))
  assert.deepEqual(entries.map(({ severity, caller, rejected }) => [severity, caller ?? rejected]), [
    ['INFO', EMAIL],
    ['WARNING', 'token_missing'],
    ['WARNING', 'audience_mismatch'],
    ['WARNING', 'caller_not_allowed']
  ])
  assert.equal(entries[0]['logging.googleapis.com/trace'], `projects/project-1/traces/${'0123456789abcdef'.repeat(2)}`)
  assert.match(entries[2].token, /^[0-9a-f]{16}$/)
  assert.ok(!printed.text.includes(token.slice(-60)))
})

for (const [missing, message] of [['AUDIENCE', /audience is undefined/], ['ALLOWED_CALLERS', /callers is undefined/]]) {
  test(`the Cloud Function does not start without ${missing}`, async (t) => {
    const variables = { PORT: freePort(), AUDIENCE, ALLOWED_CALLERS: EMAIL }
    delete variables[missing]
    const { port } = await start(t, 'cloud-function', ['@google-cloud/functions-framework'], FUNCTION, variables)
    await assert.rejects(port, { message })
  })
}

test('the Cloud Run service, for service accounts', async (t) => {
  const key = makeKey('k1')
  const endpoint = await keyEndpoint(t, key)
  const { url } = await start(t, 'cloud-run', ['express'], ['index.js'], { PORT: '0', AUDIENCE, ALLOWED_CALLERS: EMAIL, KEYS_URL: endpoint.url })
  const token = mint(key)
  const redacted = token.replace(/[^.]+$/, 'SIGNATURE_REMOVED_BY_GOOGLE')
  assert.deepEqual(await (await get(await url(), token, { 'x-serverless-authorization': `Bearer ${redacted}` })).json(), { hello: EMAIL })
  const answer = await get(await url(), redacted)
  assert.deepEqual([answer.status, (await answer.json()).code], [401, 'signature_removed'])
  assert.equal((await get(`${await url()}healthz`)).status, 200)
})

test('the Cloud Run service, behind Identity-Aware Proxy', async (t) => {
  const key = makeKey('i1', 'ec')
  const endpoint = await keyEndpoint(t, key)
  const audience = '/projects/1/locations/europe-west1/services/hello'
  const { url } = await start(t, 'cloud-run', ['express'], ['index.js'], { PORT: '0', AUDIENCE: audience, ALLOWED_DOMAIN: 'example.com', KEYS_URL: endpoint.url })
  const now = Math.floor(Date.now() / 1000)
  const payload = claims({ iss: 'https://cloud.google.com/iap', aud: audience, email: 'ann@example.com', hd: 'example.com', iat: now, exp: now + 600 })
  const ask = async (payload) => get(await url(), undefined, { 'x-goog-iap-jwt-assertion': mint(key, payload) })
  assert.deepEqual(await (await ask(payload)).json(), { hello: 'ann@example.com' })
  assert.equal((await ask({ ...payload, hd: 'other.example' })).status, 403)
  assert.equal((await get(await url(), mint(key, payload))).status, 401)
})

test('one Cloud Run service calling another, with tokens of the emulated metadata server', async (t) => {
  const google = await emulate(t, '--service-account', EMAIL, '--protect', 'hello=run')
  const callee = await start(t, 'cloud-run', ['express'], ['index.js'], { PORT: '0', AUDIENCE, ALLOWED_CALLERS: EMAIL, KEYS_URL: google.jwks.google })
  const ask = async (variables) => {
    const surroundings = { PORT: '0', CALLEE_AUDIENCE: AUDIENCE, GCE_METADATA_HOST: google.metadata_host, ...variables }
    const { url } = await start(t, 'cloud-run', ['express'], ['caller.js'], surroundings)
    return (await fetch(await url())).json()
  }
  const CALLEE_URL = await callee.url()
  assert.deepEqual(await ask({ CALLEE_URL }), { status: 200, answer: { hello: EMAIL } })
  const refused = await ask({ CALLEE_URL, CALLEE_AUDIENCE: 'https://other.example' })
  assert.deepEqual([refused.status, refused.answer.code], [401, 'audience_mismatch'])

  // Cloud Run, which stands before the service, passes on one token as it is and the other without its signature.
  const { status, answer } = await ask({ CALLEE_URL: google.protected.hello })
  assert.equal(status, 200)
  assert.match(answer.headers['x-serverless-authorization'], /^Bearer .+\.SIGNATURE_REMOVED_BY_GOOGLE$/)
  const [, passedOn] = answer.headers.authorization.split(' ')
  assert.deepEqual(await (await get(CALLEE_URL, passedOn)).json(), { hello: EMAIL })
})

for (const missing of ['CALLEE_URL', 'CALLEE_AUDIENCE']) {
  test(`the calling Cloud Run service does not start without ${missing}`, async (t) => {
    const variables = { PORT: '0', CALLEE_URL: 'http://127.0.0.1:1', CALLEE_AUDIENCE: AUDIENCE }
    delete variables[missing]
    const { port } = await start(t, 'cloud-run', ['express'], ['caller.js'], variables)
    await assert.rejects(port, /must be set/)
  })
}
