// What a token says, told by somebody who is neither the client under test nor the emulator.

import { createRemoteJWKSet, jwtVerify } from 'jose'

import { AUDIENCE } from './emulator.mjs'

/** The claims of an ID token that the emulator's keys verify. */
export async function claimsOf(google, token, audience = AUDIENCE) {
  const keys = createRemoteJWKSet(new URL(google.jwks.google))
  const { payload } = await jwtVerify(token, keys, { audience, issuer: 'https://accounts.google.com', algorithms: ['RS256'] })
  return payload
}

/** What the emulator itself says of an access token. */
export async function tokenInfo(google, token) {
  const reply = await fetch(`${google.tokeninfo}?access_token=${encodeURIComponent(token)}`)
  if (!reply.ok) throw new Error(`tokeninfo: ${reply.status} ${await reply.text()}`)
  return reply.json()
}

/** What a token says, unverified. */
export const read = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'))

/** The token with these claims written over its own, under the signature that it has. */
export function forge(token, changes) {
  const [header, , signature] = token.split('.')
  const payload = Buffer.from(JSON.stringify({ ...read(token), ...changes })).toString('base64url')
  return `${header}.${payload}.${signature}`
}
