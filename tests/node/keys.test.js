// The stress that libraries of this kind are put under, over real HTTP.

import assert from 'node:assert/strict'
import { createPublicKey } from 'node:crypto'
import test from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { createVerifier } from '../../pkg/index.js'
import { OPTIONS, claims, keyEndpoint, keySet, makeKey, mint, serve } from './support/google.js'
import { run } from './support/package.js'

const key = makeKey('k1')
const key2 = makeKey('k2')
const token = mint(key)
const token2 = mint(key2)
const HOUR = 3_600_000

/** Moves this process's clock; the tokens of these tests are judged by their own time. */
function clock(t) {
  const realNow = Date.now
  const state = { ahead: 0 }
  Date.now = () => realNow() + state.ahead
  t.after(() => (Date.now = realNow))
  const now = Math.floor(realNow() / 1000)
  return { state, now: () => now }
}

const code = (code) => ({ name: 'CallerIdError', code })
const junk = () => mint(key, claims(), { kid: `junk-${Math.random()}` })

test('500 concurrent first requests make one fetch, and later ones none', async (t) => {
  const endpoint = await keyEndpoint(t, key)
  endpoint.delay = 30
  const verifier = createVerifier({ ...OPTIONS, keys: endpoint.url, cache: false })
  const callers = await Promise.all(Array.from({ length: 500 }, () => verifier.verify(token)))
  assert.ok(callers.every((caller) => caller.keyId === 'k1'))
  for (let again = 0; again < 10; again++) await verifier.verify(token)
  assert.equal(verifier.verifySync(token).keyId, 'k1')
  assert.equal(endpoint.fetches, 1)
})

test('ready() fetches once, and the source of the keys is reported', async (t) => {
  const endpoint = await keyEndpoint(t, key)
  endpoint.headers = { 'cache-control': 'max-age=3600', age: '600' }
  const verifier = createVerifier({ ...OPTIONS, keys: endpoint.url })
  await Promise.all([verifier.ready(), verifier.ready()])
  await verifier.ready()
  assert.equal(endpoint.fetches, 1)
  const { verdict, key_source: source } = verifier.inspectSync(token)
  assert.equal(verdict, 'verified')
  assert.deepEqual([source.from, source.url, source.expires_at - source.fetched_at], ['url', endpoint.url, 3000])
})

test('without keys verifySync is undecided, and has them fetched for later', async (t) => {
  const endpoint = await keyEndpoint(t, key)
  const verifier = createVerifier({ ...OPTIONS, keys: endpoint.url })
  for (let at = 0; at < 50; at++) assert.throws(() => verifier.verifySync(token), code('keys_unavailable'))
  assert.throws(() => verifier.verifySync('x'), code('token_malformed'))
  while (endpoint.fetches === 0 || verifier.inspectSync(token).verdict !== 'verified') await sleep(5)
  assert.equal(endpoint.fetches, 1)
  endpoint.keys = [key, key2]
  assert.throws(() => verifier.verifySync(token2), code('keys_unavailable'))
  while (verifier.inspectSync(token2).verdict !== 'verified') await sleep(5)
  assert.equal(endpoint.fetches, 2)
})

test('tokens that cannot be good cause no fetch', async (t) => {
  const endpoint = await keyEndpoint(t, key)
  const verifier = createVerifier({ ...OPTIONS, keys: endpoint.url })
  for (const bad of ['', 'a.b.c', mint(key, '[]'), mint(key, claims(), { alg: 'HS256' }), mint(makeKey('e1', 'ec'))]) {
    assert.equal((await verifier.inspect(bad)).verdict, 'rejected')
  }
  assert.equal(endpoint.fetches, 0)
})

test('a rotation is picked up without a failed request', async (t) => {
  const endpoint = await keyEndpoint(t, key)
  const verifier = createVerifier({ ...OPTIONS, keys: endpoint.url })
  await verifier.verify(token)
  endpoint.keys = [key2]
  endpoint.delay = 30
  const callers = await Promise.all(Array.from({ length: 100 }, (_, at) => verifier.verify(at % 2 ? token : token2)))
  assert.equal(new Set(callers.map((caller) => caller.keyId)).size, 2)
  assert.equal(endpoint.fetches, 2)
  // The key that left the set takes its remembered tokens along.
  await assert.rejects(verifier.verify(token), code('key_not_found'))
})

test('a remembered token has keys that grow old fetched in the background', async (t) => {
  const { state, now } = clock(t)
  const endpoint = await keyEndpoint(t, key)
  const verifier = createVerifier({ ...OPTIONS, now, keys: endpoint.url })
  const caller = await verifier.verify(token)
  state.ahead = 0.95 * HOUR
  for (let again = 0; again < 20; again++) assert.equal(verifier.verifySync(token), caller)
  while (endpoint.fetches === 1) await sleep(5)
  assert.equal(await verifier.verify(token), caller)
  assert.equal(endpoint.fetches, 2)
})

test('keys that are too old are fetched before a remembered token is accepted by them', async (t) => {
  const { state, now } = clock(t)
  const endpoint = await keyEndpoint(t, key)
  const verifier = createVerifier({ ...OPTIONS, now, keys: endpoint.url })
  await verifier.verify(token)
  state.ahead = 2 * HOUR
  endpoint.keys = [key2]
  await assert.rejects(verifier.verify(token), code('key_not_found'))
  assert.equal(endpoint.fetches, 2)
})

test('a flood of unknown key ids makes few fetches, harms no known key and hides no rotation', async (t) => {
  const endpoint = await keyEndpoint(t, key)
  endpoint.delay = 10
  const verifier = createVerifier({ ...OPTIONS, keys: endpoint.url })
  await verifier.ready()
  const flood = []
  const knownTimes = []
  let learned
  const begin = performance.now()
  for (let at = 0; at < 200; at++) {
    flood.push(verifier.verify(junk()).then(assert.fail, (error) => error.code))
    const asked = performance.now()
    await verifier.verify(token)
    knownTimes.push(performance.now() - asked)
    if (at === 100) {
      endpoint.keys = [key, key2]
      const rotated = performance.now()
      learned = verifier.verify(token2).then(() => performance.now() - rotated)
    }
    await sleep(20)
  }
  assert.ok((await learned) < 6_000, `learned after ${await learned} ms`)
  assert.deepEqual([...new Set(await Promise.all(flood))], ['key_not_found'])
  const seconds = (performance.now() - begin) / 1000
  assert.ok(endpoint.fetches <= 1 + 10 + Math.ceil(seconds / 5), `${endpoint.fetches} fetches in ${seconds} s`)
  assert.ok(Math.max(...knownTimes) < 1_000)
})

test('an outage loses no request while the keys are not too old, and ends by itself', async (t) => {
  const { state, now } = clock(t)
  const endpoint = await keyEndpoint(t, key)
  const verifier = createVerifier({ ...OPTIONS, now, keys: endpoint.url })
  await verifier.verify(token)
  endpoint.answer = (_, response) => response.writeHead(503).end('down')
  for (const hours of [1, 2, 12, 24]) {
    state.ahead = hours * HOUR + 60_000
    const callers = await Promise.all(Array.from({ length: 50 }, () => verifier.verify(token)))
    assert.equal(callers.length, 50)
  }
  assert.ok(endpoint.fetches <= 1 + 4 * 2, `${endpoint.fetches} fetches`)
  state.ahead = 26 * HOUR
  await assert.rejects(verifier.verify(token), { ...code('keys_unavailable'), status: 503, message: /503/ })
  endpoint.answer = undefined
  state.ahead += 120_000
  await verifier.verify(token)
})

test('a refresh runs ahead of the end of freshness, in the background', async (t) => {
  const { state, now } = clock(t)
  const endpoint = await keyEndpoint(t, key)
  const verifier = createVerifier({ ...OPTIONS, now, keys: endpoint.url })
  await verifier.verify(token)
  state.ahead = HOUR - 60_000
  endpoint.delay = 100
  const asked = performance.now()
  await verifier.verify(token)
  assert.equal(verifier.verifySync(token).keyId, 'k1')
  assert.ok(performance.now() - asked < 80)
  await sleep(200)
  assert.equal(endpoint.fetches, 2)
})

test('an endpoint that hangs ends in keys_unavailable within the timeout, for everyone at once', async (t) => {
  const endpoint = await keyEndpoint(t, key)
  endpoint.answer = (request, response) => request.url === '/certs' && response.writeHead(200).write('{"keys":')
  for (const fetch of [undefined, () => new Promise(() => {})]) {
    const verifier = createVerifier({ ...OPTIONS, keys: endpoint.url, timeout: 0.3, ...(fetch && { fetch }) })
    const asked = performance.now()
    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => verifier.verify(token)))
    const took = performance.now() - asked
    assert.ok(took > 250 && took < 1_500, `${took} ms`)
    for (const { reason } of outcomes) {
      assert.deepEqual([reason.code, reason.report.verdict, reason.retryAfter >= 1], ['keys_unavailable', 'undecided', true])
    }
    await assert.rejects(verifier.ready(), code('keys_unavailable'))
  }
  assert.equal(endpoint.fetches, 1)
})

test('a failing endpoint is left alone for a while', async (t) => {
  const endpoint = await keyEndpoint(t, key)
  endpoint.answer = (_, response) => response.writeHead(500).end()
  const verifier = createVerifier({ ...OPTIONS, keys: endpoint.url })
  for (let at = 0; at < 100; at++) await assert.rejects(verifier.verify(token), code('keys_unavailable'))
  assert.equal(endpoint.fetches, 1)
  endpoint.answer = undefined
  await sleep(1_050)
  await verifier.verify(token)
})

const useless = {
  'a redirect': (_, response) => response.writeHead(302, { location: '/elsewhere' }).end(),
  'a page': (_, response) => response.end('<html>'),
  'an empty set': (_, response) => response.end('{"keys":[]}'),
  'an endless document': (_, response) => {
    const more = () => response.writable && response.write(' '.repeat(65_536), () => setImmediate(more))
    more()
  },
  'a closed connection': (request) => request.socket.destroy()
}
for (const [what, answer] of Object.entries(useless)) {
  test(`${what} is no key set`, async (t) => {
    const endpoint = await keyEndpoint(t, key)
    endpoint.answer = answer
    const verifier = createVerifier({ ...OPTIONS, keys: endpoint.url })
    await assert.rejects(verifier.verify(token), code('keys_unavailable'))
    assert.equal(endpoint.fetches, 1)
  })
}

test('keys come in every form, from wherever `fetch` has them', async () => {
  const pem = createPublicKey(key.privateKey).export({ format: 'pem', type: 'spki' })
  for (const document of [keySet(key), { k1: pem }]) {
    const asked = []
    const fetch = async (url, init) => {
      asked.push([url, init.redirect])
      return new Response(JSON.stringify(document))
    }
    await createVerifier({ ...OPTIONS, fetch }).verify(token)
    assert.deepEqual(asked, [['https://www.googleapis.com/oauth2/v3/certs', 'manual']])
    assert.ok(createVerifier({ ...OPTIONS, keys: document }).verifySync(token))
    assert.ok(createVerifier({ ...OPTIONS, keys: JSON.stringify(document) }).verifySync(token))
  }
})

test('keys of two verifiers have nothing to do with each other', async (t) => {
  const impostor = makeKey('k1')
  const [ours, theirs] = await Promise.all([keyEndpoint(t, key), keyEndpoint(t, impostor)])
  const verifiers = [ours, theirs].map(({ url }) => createVerifier({ ...OPTIONS, keys: url }))
  await Promise.all(verifiers.map((verifier) => verifier.ready()))
  await verifiers[0].verify(token)
  await assert.rejects(verifiers[1].verify(token), code('signature_invalid'))
})

test('nothing keeps the process alive', async (t) => {
  const endpoint = await serve(t, (_, response) => response.end(JSON.stringify(keySet(key))))
  const script = `import { createVerifier } from ${JSON.stringify(new URL('../../pkg/index.js', import.meta.url))}
    await createVerifier({ ...${JSON.stringify(OPTIONS)}, keys: ${JSON.stringify(endpoint)} }).verify(${JSON.stringify(token)}).catch((error) => console.log(error.code))`
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { timeout: 20_000 })
  assert.equal(stdout, '')
})
