// jose, used as its documentation shows: verifies tokens by the keys that it fetches.
// Usage: node jose.mjs URL AUDIENCE [ISSUER ALGORITHM]    claims, or the error, of each token on standard input

import { createInterface } from 'node:readline'

import { createRemoteJWKSet, jwtVerify } from 'jose'

const [url, audience, issuer = ['https://accounts.google.com', 'accounts.google.com'], algorithm = 'RS256'] = process.argv.slice(2)
// Without a cool-down a key id that is not known is asked for at once.
const keys = createRemoteJWKSet(new URL(url), { cooldownDuration: 0 })
const options = { audience, issuer, algorithms: [algorithm], requiredClaims: ['exp', 'iat'] }

// A line is answered before the next one is read, so that keys may be changed between two.
for await (const token of createInterface({ input: process.stdin })) {
  const verdict = await jwtVerify(token, keys, options).then(({ payload }) => ({ claims: payload }), ({ code, message }) => ({ error: code, message }))
  console.log(JSON.stringify(verdict))
}
