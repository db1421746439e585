// What is timed: each contender verifies one token with all claims, as its documentation shows it.

import { createPublicKey, verify as verifySignature } from 'node:crypto'

import { JwtVerifier } from 'aws-jwt-verify'
import { createVerifier } from 'callerid'
import { createVerifier as createFastVerifier } from 'fast-jwt'
import { OAuth2Client } from 'google-auth-library'
import { createLocalJWKSet, jwtVerify } from 'jose'
import jsonwebtoken from 'jsonwebtoken'

export const issuer = 'https://accounts.google.com'
export const audience = 'https://hello-abc123-uc.a.run.app'
const iap = { issuer: 'https://cloud.google.com/iap', audience: '/projects/123456789012/global/backendServices/987654321' }
export const email = 'caller@my-project.iam.gserviceaccount.com'

const distinct = 'RS256, all claims'
const elliptic = 'ES256, all claims'
const concurrent = 'RS256, all claims, 100 at a time'
const repeated = 'RS256, repeated tokens'
const bare = 'RS256, signature alone'

/** Every contender; `accepts` throws, or resolves to a rejection, if a token is not verified. */
export function contenders(keySet, count) {
  const keys = JSON.parse(keySet)
  const [jwk, ecJwk] = ['RSA', 'EC'].map((type) => keys.keys.find((key) => key.kty === type))
  const [keyObject, ecKeyObject] = [jwk, ecJwk].map((key) => createPublicKey({ key, format: 'jwk' }))
  const [pem, ecPem] = [keyObject, ecKeyObject].map((key) => key.export({ type: 'spki', format: 'pem' }))

  const options = { audience, callers: [email], keys: keySet }
  const callerid = createVerifier({ ...options, cache: false })
  const remembering = createVerifier({ ...options, cache: count })

  const google = new OAuth2Client()
  const googleKeys = { [jwk.kid]: pem }
  const joseKeys = createLocalJWKSet({ keys: [jwk] })
  const aws = JwtVerifier.create({ issuer, audience, jwksUri: 'https://keys.example/keys' })
  aws.cacheJwks({ keys: [jwk] })
  const fast = (cache) =>
    createFastVerifier({ key: pem, algorithms: ['RS256'], allowedAud: audience, allowedIss: issuer, cache })
  const [fastUncached, fastCached] = [fast(false), fast(count)]

  const viaGoogle = (token) => google.verifySignedJwtWithCertsAsync(token, googleKeys, audience, [issuer])
  const viaJose = (token) => jwtVerify(token, joseKeys, { issuer, audience, algorithms: ['RS256'] })
  const iapCallerid = createVerifier({ ...options, audience: iap.audience, profile: 'iap', cache: false })
  const iapJose = createLocalJWKSet({ keys: [ecJwk] })
  const iapAws = JwtVerifier.create({ ...iap, jwksUri: 'https://keys.example/keys' })
  iapAws.cacheJwks({ keys: [ecJwk] })
  const iapFast = createFastVerifier({ key: ecPem, algorithms: ['ES256'], allowedAud: iap.audience, allowedIss: iap.issuer, cache: false })

  return [
    { group: distinct, name: 'callerid', accepts: (token) => callerid.verifySync(token) },
    { group: distinct, name: 'google-auth-library', accepts: viaGoogle, isAsync: true },
    { group: distinct, name: 'jose', accepts: viaJose, isAsync: true },
    { group: distinct, name: 'aws-jwt-verify', accepts: (token) => aws.verifySync(token) },
    {
      group: distinct,
      name: 'jsonwebtoken (KeyObject)',
      accepts: (token) => jsonwebtoken.verify(token, keyObject, { issuer, audience, algorithms: ['RS256'] }),
    },
    { group: distinct, name: 'fast-jwt', accepts: (token) => fastUncached(token) },
    { group: elliptic, name: 'callerid', accepts: (token) => iapCallerid.verifySync(token) },
    {
      group: elliptic,
      name: 'google-auth-library',
      accepts: (token) => google.verifySignedJwtWithCertsAsync(token, { [ecJwk.kid]: ecPem }, iap.audience, [iap.issuer]),
      isAsync: true,
    },
    {
      group: elliptic,
      name: 'jose',
      accepts: (token) => jwtVerify(token, iapJose, { ...iap, algorithms: ['ES256'] }),
      isAsync: true,
    },
    { group: elliptic, name: 'aws-jwt-verify', accepts: (token) => iapAws.verifySync(token) },
    {
      group: elliptic,
      name: 'jsonwebtoken (KeyObject)',
      accepts: (token) => jsonwebtoken.verify(token, ecKeyObject, { ...iap, algorithms: ['ES256'] }),
    },
    { group: elliptic, name: 'fast-jwt', accepts: (token) => iapFast(token) },
    { group: concurrent, name: 'callerid', accepts: (token) => callerid.verify(token), isAsync: true, at_once: 100 },
    { group: concurrent, name: 'google-auth-library', accepts: viaGoogle, isAsync: true, at_once: 100 },
    { group: concurrent, name: 'jose', accepts: viaJose, isAsync: true, at_once: 100 },
    { group: repeated, name: 'callerid', accepts: (token) => remembering.verifySync(token) },
    { group: repeated, name: 'fast-jwt with its cache', accepts: (token) => fastCached(token) },
    {
      group: bare,
      name: 'node:crypto (OpenSSL)',
      accepts(token) {
        const end = token.lastIndexOf('.')
        const signature = Buffer.from(token.slice(end + 1), 'base64url')
        if (!verifySignature('sha256', token.slice(0, end), keyObject, signature)) throw new Error('rejected')
      },
    },
  ]
}
