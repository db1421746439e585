// The mixed requests of a load: tokens that must be let in, and tokens that must not.

import { createHash, generateKeyPairSync, sign } from 'node:crypto'

export const AUDIENCE = 'https://hello-abc123-uc.a.run.app'
export const CALLER = 'caller@my-project.iam.gserviceaccount.com'
const KEY_ID = 'f9d97b4cae90bcd76aeb20026f6b770cac221783'

/** What kinds of requests there are, how many in a hundred, and the only right answer to each. */
export const kinds = [
  { kind: 'good', share: 70, status: 200 },
  { kind: 'for another audience', share: 10, status: 401, claims: { aud: 'https://other.example' } },
  { kind: 'forged', share: 10, status: 401 },
  { kind: 'of a caller who may not', share: 10, status: 403, claims: { email: 'eve@other-project.iam.gserviceaccount.com' } }
]

const makeKey = () => generateKeyPairSync('rsa', { modulusLength: 2048 })

function signed(claims, privateKey) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const input = `${part({ alg: 'RS256', kid: KEY_ID, typ: 'JWT' })}.${part(claims)}`
  return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`
}

function claimsOf(number) {
  const now = Math.floor(Date.now() / 1000)
  const sub = BigInt(`0x${createHash('sha256').update(String(number)).digest('hex').slice(0, 16)}`)
  const identity = { sub: String(sub), azp: String(sub), email: CALLER, email_verified: true }
  return { iss: 'https://accounts.google.com', aud: AUDIENCE, ...identity, iat: now, exp: now + 3600 }
}

/** So many distinct tokens, mixed in even parts, each with its kind and right answer; and the keys for them. */
export function makeRequests(count) {
  const [genuine, forger] = [makeKey(), makeKey()]
  const deck = kinds.flatMap((kind) => Array.from({ length: kind.share }, () => kind))
  const requests = Array.from({ length: count }, (_, number) => {
    // 37 and 100 have no divisor in common: every hundred requests hold the whole deck.
    const { kind, status, claims } = deck[(number * 37) % deck.length]
    const token = signed({ ...claimsOf(number), ...claims }, (kind === 'forged' ? forger : genuine).privateKey)
    return { kind, status, token, caller: CALLER }
  })
  const jwk = { ...genuine.publicKey.export({ format: 'jwk' }), kid: KEY_ID, alg: 'RS256', use: 'sig' }
  const pem = genuine.publicKey.export({ type: 'spki', format: 'pem' })
  return { requests, keySet: { keys: [jwk] }, certs: { [KEY_ID]: pem } }
}
