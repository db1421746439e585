// Middleware over real HTTP: plain Node, Express and the Functions Framework.

import assert from 'node:assert/strict'
import { request as send } from 'node:http'
import { createRequire } from 'node:module'
import test from 'node:test'

import express from 'express'

import { authenticate, CallerIdError, createVerifier } from '../../pkg/index.js'
import { EMAIL, OPTIONS, claims, keyEndpoint, keySet, makeKey, mint, serve } from './support/google.js'

const key = makeKey('k1')
const keys = keySet(key)
const token = mint(key)
const redacted = token.replace(/[^.]+$/, 'SIGNATURE_REMOVED_BY_GOOGLE')
const bearer = (token) => ({ authorization: `Bearer ${token}` })

/** A request whose headers are sent as they stand, repetitions and all. */
function get(url, headers = {}) {
  return new Promise((resolve, reject) => {
    send(url, { headers }, async (response) => {
      let body = ''
      for await (const chunk of response) body += chunk
      resolve({ status: response.statusCode, headers: response.headers, body })
    })
      .on('error', reject)
      .end()
  })
}

const apps = {
  'plain Node': async (t, guard) => serve(t, (request, response) => guard(request, response, () => response.end(request.caller.email))),
  Express: async (t, guard) => {
    const app = express()
    app.use(guard)
    app.get('/', (request, response) => response.send(request.caller.email))
    return serve(t, app)
  },
  'the Functions Framework': async (t, guard) => {
    const require = createRequire(import.meta.url)
    const { http } = require('@google-cloud/functions-framework')
    const { getTestServer } = require('@google-cloud/functions-framework/testing')
    http('guarded', (request, response) => guard(request, response, () => response.send(request.caller.email)))
    const server = getTestServer('guarded')
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
    t.after(() => server.close())
    return `http://127.0.0.1:${server.address().port}`
  }
}

for (const [name, app] of Object.entries(apps)) {
  test(`${name}: 200, 401, 403`, async (t) => {
    const url = await app(t, authenticate({ ...OPTIONS, keys }))
    const good = await get(url, bearer(token))
    assert.deepEqual([good.status, good.body], [200, EMAIL])

    const none = await get(url)
    assert.deepEqual([none.status, none.headers['www-authenticate'], JSON.parse(none.body).code], [401, 'Bearer', 'token_missing'])

    const bad = await get(url, bearer(mint(key, claims({ aud: 'https://secret-name.example' }))))
    assert.deepEqual([bad.status, JSON.parse(bad.body).code], [401, 'audience_mismatch'])
    assert.match(bad.headers['www-authenticate'], /^Bearer error="invalid_token", error_description="[\x20-\x21\x23-\x5b\x5d-\x7e]+"$/)
    assert.equal(bad.headers['content-type'], 'application/json; charset=utf-8')
    assert.equal(bad.headers['cache-control'], 'no-store')
    assert.doesNotMatch(bad.body + bad.headers['www-authenticate'], /secret-name|service\.example|robot@/)

    const stranger = await get(url, bearer(mint(key, claims({ email: 'eve@example.com' }))))
    assert.deepEqual([stranger.status, JSON.parse(stranger.body).code], [403, 'caller_not_allowed'])
    assert.match(stranger.headers['www-authenticate'], /^Bearer error="insufficient_scope"/)
    assert.doesNotMatch(stranger.body, /robot@|eve@/)
  })

  test(`${name}: keys that must be fetched, and 503 when they cannot be had`, async (t) => {
    const endpoint = await keyEndpoint(t, key)
    const url = await app(t, authenticate({ ...OPTIONS, keys: endpoint.url }))
    assert.equal((await get(url, bearer(token))).status, 200)
    endpoint.answer = (_, response) => response.writeHead(500).end()
    const broken = await app(t, authenticate({ ...OPTIONS, keys: endpoint.url }))
    const answer = await get(broken, bearer(token))
    assert.deepEqual([answer.status, JSON.parse(answer.body).code], [503, 'keys_unavailable'])
    assert.match(answer.headers['retry-after'], /^[1-9]\d*$/)
    assert.equal(answer.headers['www-authenticate'], undefined)
  })
}

test('which header counts', async (t) => {
  const url = await apps['plain Node'](t, authenticate({ ...OPTIONS, keys }))
  const codeOf = async (headers) => {
    const { status, body } = await get(url, headers)
    return status === 200 ? 200 : JSON.parse(body).code
  }
  const serverless = (token) => ({ 'x-serverless-authorization': `Bearer ${token}` })
  assert.equal(await codeOf(serverless(token)), 200)
  assert.equal(await codeOf({ authorization: `bEARER   ${token}` }), 200)
  // Cloud Run was given both, and has redacted its own.
  assert.equal(await codeOf({ ...bearer(token), ...serverless(redacted) }), 200)
  // Cloud Run was given one.
  assert.equal(await codeOf(bearer(redacted)), 'signature_removed')
  assert.equal(await codeOf(serverless(redacted)), 'signature_removed')
  // No other header is asked once there is one.
  assert.equal(await codeOf({ ...bearer(redacted), ...serverless(token) }), 'signature_removed')
  assert.equal(await codeOf({ ...bearer('x'), ...serverless(token) }), 'token_malformed')
  assert.equal(await codeOf({ authorization: 'Basic eDp5', ...serverless(token) }), 'token_missing')
  assert.equal(await codeOf({ authorization: 'Bearer ', ...serverless(token) }), 'token_missing')
  assert.equal(await codeOf({ 'x-goog-iap-jwt-assertion': token }), 'token_missing')
  // Two are one too many, whatever they hold.
  for (const pair of [[token, token], [token, 'x'], ['x', token]]) {
    const headers = ['host', 'x', ...pair.flatMap((token) => ['Authorization', `Bearer ${token}`])]
    assert.notEqual(await codeOf(headers), 200)
  }
  const advice = JSON.parse((await get(url, bearer(redacted))).body)
  assert.match(advice.hint, /X-Serverless-Authorization/)
})

test('IAP and App Check have headers of their own', async (t) => {
  const iapKey = makeKey('i1', 'ec')
  const now = Math.floor(Date.now() / 1000)
  const payload = claims({ iss: 'https://cloud.google.com/iap', aud: '/projects/1/apps/p', email: 'ann@example.com', iat: now, exp: now + 600 })
  const assertion = mint(iapKey, payload)
  const iap = { profile: 'iap', audience: '/projects/1/apps/p', callers: ['ann@example.com'], keys: keySet(iapKey) }
  const url = await apps['plain Node'](t, authenticate(iap))
  assert.equal((await get(url, { 'x-goog-iap-jwt-assertion': assertion })).body, 'ann@example.com')
  assert.equal((await get(url, bearer(assertion))).status, 401)

  const check = claims({ iss: 'https://firebaseappcheck.googleapis.com/12', aud: ['projects/12', 'projects/p'], sub: '1:12:web:a' })
  const appCheck = createVerifier({ profile: 'app-check:12', audience: 'projects/12', anyCaller: true, keys })
  const { caller } = await appCheck.verifyRequest(new Request('http://x', { headers: { 'X-Firebase-AppCheck': mint(key, check) } }))
  assert.deepEqual(caller.audience, ['projects/12', 'projects/p'])
})

test('errors of the handler are its own, before and after keys are there', async (t) => {
  const endpoint = await keyEndpoint(t, key)
  const guard = authenticate({ ...OPTIONS, keys: endpoint.url })
  const app = express()
  app.use(guard)
  app.get('/', () => {
    throw new Error('of the handler')
  })
  app.use((error, request, response, next) => response.status(418).send(error.message))
  const url = await serve(t, app)
  for (let at = 0; at < 2; at++) assert.deepEqual((await get(url, bearer(token))).status, 418)

  const request = { headers: bearer(token), rawHeaders: ['Authorization', `Bearer ${token}`] }
  assert.throws(() => guard(request, {}, () => { throw new RangeError('mine') }), RangeError)
})

test('what is refused can be logged; a broken clock is answered with 500 and nothing else', async (t) => {
  const told = []
  const onReject = (error, request) => told.push([error.code ?? error.name, request.url])
  const url = await apps['plain Node'](t, authenticate({ ...OPTIONS, keys }, { onReject }))
  await get(`${url}/a`)
  await get(`${url}/b`, bearer('x'))
  const broken = await apps['plain Node'](t, authenticate({ ...OPTIONS, keys, now: () => NaN }, { onReject }))
  const answer = await get(`${broken}/c`, bearer(token))
  assert.deepEqual([answer.status, JSON.parse(answer.body).code], [500, 'internal_error'])
  assert.deepEqual(told, [['token_missing', '/a'], ['token_malformed', '/b'], ['TypeError', '/c']])
})

test('verifyRequest gives the caller, or the response', async (t) => {
  const endpoint = await keyEndpoint(t, key)
  const verifier = createVerifier({ ...OPTIONS, keys: endpoint.url })
  const ask = (headers) => verifier.verifyRequest(new Request('http://service.example/', { headers }))
  assert.equal((await ask(bearer(token))).caller.email, EMAIL)

  const { caller, response, error } = await ask(bearer(mint(key, claims({ email: 'eve@example.com' }))))
  assert.deepEqual([caller, response.status, (await response.json()).code], [undefined, 403, 'caller_not_allowed'])
  assert.ok(error instanceof CallerIdError)

  const none = (await ask({})).response
  assert.deepEqual([none.status, none.headers.get('www-authenticate')], [401, 'Bearer'])
  const twice = new Headers([['authorization', `Bearer ${token}`], ['authorization', `Bearer ${token}`]])
  assert.equal((await ask(twice)).response.status, 401)
})
