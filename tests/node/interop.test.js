// What jose signs verifies here, and what verifies here verifies with jose.

import assert from 'node:assert/strict'
import test from 'node:test'

import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose'

import { createVerifier } from '../../pkg/index.js'
import { AUDIENCE, EMAIL, claims, keySet, makeKey, mint } from './support/google.js'

const issuers = {
  RS256: { profile: 'google', audience: AUDIENCE, type: 'rsa', payload: claims() },
  ES256: { profile: 'iap', audience: '/projects/1/apps/p', type: 'ec', payload: claims({ iss: 'https://cloud.google.com/iap', aud: '/projects/1/apps/p', exp: Math.floor(Date.now() / 1000) + 500 }) }
}

for (const [alg, { profile, audience, type, payload }] of Object.entries(issuers)) {
  const options = { profile, audience, callers: [EMAIL] }

  test(`${alg}: tokens signed by jose`, async () => {
    const { privateKey, publicKey } = await generateKeyPair(alg)
    const jwk = { ...(await exportJWK(publicKey)), kid: 'j1', alg }
    const verifier = createVerifier({ ...options, keys: { keys: [jwk] } })
    for (let at = 0; at < 100; at++) {
      const token = await new SignJWT({ ...payload, at }).setProtectedHeader({ alg, kid: 'j1' }).sign(privateKey)
      assert.equal(verifier.verifySync(token).claims.at, at)
      assert.equal(verifier.inspectSync(token.slice(0, -8) + 'AAAAAAAA').code, 'signature_invalid')
    }
  })

  test(`${alg}: tokens verified by jose`, async () => {
    const key = makeKey('k1', type)
    const jwks = createLocalJWKSet(keySet(key))
    const verifier = createVerifier({ ...options, keys: keySet(key) })
    for (let at = 0; at < 100; at++) {
      const token = mint(key, { ...payload, at })
      const verified = await jwtVerify(token, jwks, { audience })
      assert.deepEqual(verified.payload, verifier.verifySync(token).claims)
    }
  })
}
