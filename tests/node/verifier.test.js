import assert from 'node:assert/strict'
import test from 'node:test'
import { inspect } from 'node:util'

import { CallerIdError, createVerifier, decode, errorCodes, extract } from '../../pkg/index.js'
import { AUDIENCE, EMAIL, OPTIONS, claims, keySet, makeKey, mint } from './support/google.js'

const key = makeKey('k1')
const iapKey = makeKey('i1', 'ec')
const verifier = createVerifier({ ...OPTIONS, keys: keySet(key) })

function codeOf(attempt) {
  try {
    attempt()
  } catch (error) {
    assert.ok(error instanceof CallerIdError, inspect(error))
    return error.code
  }
  return null
}

test('a verified caller has every property, and is frozen', async () => {
  const payload = claims({ hd: 'example.com', deep: { list: [{}] } })
  const token = mint(key, payload)
  const caller = verifier.verifySync(token)
  assert.deepEqual(caller, {
    email: EMAIL,
    emailVerified: true,
    subject: payload.sub,
    audience: AUDIENCE,
    issuer: payload.iss,
    issuedAt: payload.iat,
    expiresAt: payload.exp,
    hostedDomain: 'example.com',
    kind: 'google_service_account_id_token',
    keyId: 'k1',
    claims: payload
  })
  assert.ok([caller, caller.claims, caller.claims.deep.list[0]].every(Object.isFrozen))
  assert.equal(await verifier.verify(token), caller)
})

test('a caller without an e-mail address has none, and an unverified one stays visible', () => {
  const anyone = createVerifier({ audience: AUDIENCE, anyCaller: true, keys: keySet(key) })
  const { email, emailVerified } = anyone.verifySync(mint(key, claims({ email: undefined })))
  assert.deepEqual([email, emailVerified], [undefined, false])
  const unverified = anyone.verifySync(mint(key, claims({ email_verified: 'true' })))
  assert.deepEqual([unverified.email, unverified.emailVerified], [EMAIL, false])
})

test('a rejected token is a CallerIdError with code, status and report', async () => {
  const cases = [
    [claims({ aud: 'https://other.example' }), 'audience_mismatch', 401],
    [claims({ exp: 1, iat: 0 }), 'token_expired', 401],
    [claims({ email: 'eve@example.com' }), 'caller_not_allowed', 403],
    [claims({ email_verified: false }), 'email_unverified', 403]
  ]
  for (const [payload, code, status] of cases) {
    await assert.rejects(verifier.verify(mint(key, payload)), (error) => {
      assert.deepEqual([error.name, error.code, error.status, error.report.verdict], ['CallerIdError', code, status, 'rejected'])
      assert.ok(!('claims' in error.report))
      return true
    })
  }
  const report = await verifier.inspect(mint(key, claims({ aud: 'x' })))
  assert.equal(report.unverified_claims.aud, 'x')
  assert.equal(verifier.inspectSync(mint(key)).claims.email, EMAIL)
})

test('rules of every kind, alone and combined', () => {
  const from = (callers, payload) => codeOf(() => createVerifier({ audience: AUDIENCE, callers, keys: keySet(key) }).verifySync(mint(key, payload)))
  assert.equal(from([{ project: 'project-1' }], claims()), null)
  assert.equal(from([{ project: 'project-2' }], claims()), 'caller_not_allowed')
  assert.equal(from({ project: 'project-2' }, claims()), 'project_mismatch')
  assert.equal(from([{ emailDomain: 'example.com' }], claims({ email: 'ann@example.com' })), null)
  assert.equal(from({ hostedDomain: 'example.com' }, claims()), 'hosted_domain_mismatch')
  assert.equal(from({ email: ['a@b.example', EMAIL], subject: '1' }, claims()), 'subject_mismatch')
  assert.equal(from(['a@b.example', { subject: '112233445566778899001' }], claims()), null)
  assert.equal(from(['a@b.example', { subject: '1' }], claims()), 'caller_not_allowed')
})

test('IAP, the nonce, the authorized party and the clock', () => {
  const iap = createVerifier({ profile: 'iap', audience: '/projects/1/apps/p', callers: ['ann@example.com'], keys: keySet(iapKey) })
  const at = Math.floor(Date.now() / 1000)
  const payload = claims({ iss: 'https://cloud.google.com/iap', aud: '/projects/1/apps/p', email: 'ann@example.com', iat: at, exp: at + 600 })
  assert.equal(iap.verifySync(mint(iapKey, payload)).kind, 'iap_assertion')
  assert.equal(codeOf(() => iap.verifySync(mint(key))), 'algorithm_not_allowed')
  const strict = createVerifier({ ...OPTIONS, nonce: 'n1', authorizedParty: 'c1', clockSkew: 0, now: () => 1_000, keys: keySet(key) })
  const good = { nonce: 'n1', azp: 'c1', iat: 1_000, exp: 1_001 }
  assert.equal(codeOf(() => strict.verifySync(mint(key, claims(good)))), null)
  assert.equal(codeOf(() => strict.verifySync(mint(key, claims({ ...good, nonce: 'n2' })))), 'nonce_mismatch')
  assert.equal(codeOf(() => strict.verifySync(mint(key, claims({ ...good, azp: 'c2' })))), 'authorized_party_mismatch')
  assert.equal(codeOf(() => strict.verifySync(mint(key, claims({ ...good, exp: 1_000, iat: 999 })))), 'token_expired')
})

test('a remembered token is judged by the time of each use', () => {
  let time = 1_000
  const remembering = createVerifier({ ...OPTIONS, now: () => time, keys: keySet(key) })
  const forgetful = createVerifier({ ...OPTIONS, cache: false, now: () => time, keys: keySet(key) })
  const token = mint(key, claims({ iat: 1_000, exp: 2_000 }))
  for (const [at, code] of [[1_000, null], [2_029, null], [2_030, 'token_expired'], [1_500, null], [900, 'issued_in_future']]) {
    time = at
    assert.equal(codeOf(() => remembering.verifySync(token)), code)
    assert.equal(codeOf(() => forgetful.verifySync(token)), code)
  }
  assert.equal(codeOf(() => remembering.verifySync(token.slice(0, -4) + 'AAAA')), 'signature_invalid')
  assert.equal(codeOf(() => remembering.verifySync(`${token}.`)), 'token_malformed')
})

test('a caller that is handed out again cannot have been changed', () => {
  const caller = verifier.verifySync(mint(key, claims({ roles: [{ name: 'reader' }] })))
  for (const change of [
    () => (caller.email = 'eve@example.com'),
    () => (caller.claims.email = 'eve@example.com'),
    () => (caller.claims.roles[0].name = 'owner'),
    () => caller.claims.roles.push('owner')
  ]) assert.throws(change, TypeError)
})

test('more tokens than are remembered keep their own callers', () => {
  const few = createVerifier({ audience: AUDIENCE, anyCaller: true, cache: 3, keys: keySet(key) })
  const tokens = Array.from({ length: 10 }, (_, at) => mint(key, claims({ sub: `s${at}` })))
  for (const at of [0, 1, 2, 0, 3, 4, 1, 1, 9, 8, 7, 9, 0, 0]) {
    assert.equal(few.verifySync(tokens[at]).subject, `s${at}`)
  }
})

test('integers that numbers cannot hold are BigInts, and strings stay strings', () => {
  const { exp, iat } = claims()
  const text = `{"iss":"https://accounts.google.com","aud":"${AUDIENCE}","sub":"112233445566778899001","email":"${EMAIL}","email_verified":true,
    "iat":${iat},"exp":${exp},"big":9007199254740993,"list":[-123456789012345678901,{"__proto__":{"n":18446744073709551616}}],"safe":9007199254740991,"text":"9007199254740993"}`
  const { claims: read } = verifier.verifySync(mint(key, text))
  assert.deepEqual([read.big, read.safe, read.text], [9007199254740993n, 9007199254740991, '9007199254740993'])
  assert.equal(read.list[0], -123456789012345678901n)
  assert.equal(Object.getOwnPropertyDescriptor(read.list[1], '__proto__').value.n, 18446744073709551616n)
  assert.equal(read.sub, '112233445566778899001')
  assert.equal(JSON.parse(JSON.stringify(read)).big, '9007199254740993')

  const report = verifier.inspectSync(mint(key, text.replace(AUDIENCE, 'x')))
  assert.equal(report.unverified_claims.big, 9007199254740993n)
  assert.match(String(report), /"big":9007199254740993,/)
  assert.match(JSON.stringify(report), /"big":"9007199254740993"/)
})

test('the text of a report is the JSON that it was read from', () => {
  for (const report of [verifier.inspectSync(mint(key)), verifier.inspectSync('x'), decode(mint(key))]) {
    assert.deepEqual(JSON.parse(String(report)), JSON.parse(JSON.stringify(report)))
  }
})

test('whatever comes as a token, nothing but a CallerIdError is thrown, and it never holds the token', async () => {
  const good = mint(key)
  const [header, payload, signature] = good.split('.')
  const tokens = ['', '.', '..', 'x'.repeat(3_000_000), '.'.repeat(100_000), `${header}.${payload}.`, `${header}.${payload}.${signature}=`,
    `${header}.${payload}.SIGNATURE_REMOVED_BY_GOOGLE`, good.slice(0, -1), `${good}\n`, `Bearer ${good}`, '\ud800', '\0', 'ya29.secret-access-token',
    mint(key, '[]'), mint(key, '{"exp":1e999,"iat":-1}'), mint(key, '{"a":1,"a":2}'), mint(makeKey('k1')), mint(key, claims(), { kid: '__proto__' }),
    mint(key, claims(), { kid: 7 }), mint(key, claims(), { alg: 'none' }), undefined, null, 5, {}, [good], Symbol('x'), Buffer.from(good)]
  for (const token of tokens) {
    for (const attempt of [() => verifier.verifySync(token), () => verifier.verify(token)]) {
      await assert.rejects(async () => attempt(), (error) => {
        assert.ok(error instanceof CallerIdError, inspect(error))
        if (typeof token === 'string' && token.length > 100) {
          const shown = inspect(error, { depth: 9, showHidden: true, maxStringLength: null }) + String(error.report) + error.stack
          for (const part of [signature, payload]) assert.ok(!shown.includes(part.slice(0, 80)), 'shows the token')
        }
        return true
      })
    }
    assert.equal((await verifier.inspect(token)).verdict, 'rejected')
    assert.equal(decode(token).verdict, 'undecided')
  }
})

test('codes, decoding and extraction', () => {
  const codes = errorCodes()
  assert.ok(Object.isFrozen(codes.token_expired))
  assert.equal(codes.keys_unavailable.status, 503)
  const token = mint(key)
  assert.equal(decode(token, { now: 1 }).unverified_claims.email, EMAIL)
  assert.deepEqual(extract(`Authorization: Bearer ${token}\n`).tokens, [token])
})
