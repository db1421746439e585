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
export const email = 'caller@my-project.iam.gserviceaccount.com'

const distinct = 'RS256, all claims'
const concurrent = 'RS256, all claims, 100 at a time'
const repeated = 'RS256, repeated tokens'
const bare = 'RS256, signature alone'

/** Every contender; `accepts` throws, or resolves to a rejection, if a token is not verified. */
export function contenders(keySet, count) {
  const keys = JSON.parse(keySet)
  const jwk = keys.keys.find((key) => key.kty === 'RSA')
  const keyObject = createPublicKey({ key: jwk, format: 'jwk' })
  const pem = keyObject.export({ type: 'spki', format: 'pem' })

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
