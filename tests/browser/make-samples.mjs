// Writes www/samples.json: tokens of each kind, signed with the published test keys.
// Run it by hand after a change: `node tests/browser/make-samples.mjs`.

import { createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'

const keyFile = (name) => createPrivateKey(readFileSync(new URL(`../keys/${name}`, import.meta.url)))
const rsa = keyFile('rsa-2048-e65537.pem')
const ec = keyFile('p256.pem')
const stranger = keyFile('rsa-2048-e65537-attacker.pem')

const RSA_ID = 'callerid-test-key-rs256'
const EC_ID = 'callerid-test-key-es256'
const keys = {
  keys: [
    { kid: RSA_ID, alg: 'RS256', use: 'sig', ...createPublicKey(rsa).export({ format: 'jwk' }) },
    { kid: EC_ID, alg: 'ES256', use: 'sig', ...createPublicKey(ec).export({ format: 'jwk' }) }
  ]
}

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')

function token(claims, { header, key = claims.iss === IAP ? ec : rsa } = {}) {
  const isEc = key === ec
  const input = `${part({ alg: isEc ? 'ES256' : 'RS256', kid: isEc ? EC_ID : RSA_ID, typ: 'JWT', ...header })}.${part(claims)}`
  return `${input}.${sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
}

// Samples do not move: they are judged at a fixed moment, half-way through their life.
const NOW = 1760000000
const IAP = 'https://cloud.google.com/iap'
const GOOGLE = 'https://accounts.google.com'
const SERVICE = 'https://orders-4f6xq2-uc.a.run.app'
const ROBOT = 'invoicer@example-project.iam.gserviceaccount.com'
const hour = { iat: NOW - 1800, exp: NOW + 1800 }

const account = {
  iss: GOOGLE,
  azp: '110000000000000000002',
  aud: SERVICE,
  sub: '110000000000000000002',
  email: ROBOT,
  email_verified: true,
  ...hour
}
const person = {
  iss: GOOGLE,
  azp: '123456789012-web.apps.googleusercontent.com',
  aud: '123456789012-web.apps.googleusercontent.com',
  sub: '100000000000000000001',
  hd: 'example.com',
  email: 'ann@example.com',
  email_verified: true,
  at_hash: 'q1w2e3r4t5y6u7i8o9p0aa',
  nonce: 'n-0S6_WzA2Mj',
  name: 'Ann Lee',
  given_name: 'Ann',
  family_name: 'Lee',
  ...hour
}
const machine = {
  ...account,
  google: {
    compute_engine: {
      project_id: 'example-project',
      project_number: 123456789012,
      zone: 'europe-west6-a',
      instance_id: '1234567890123456789',
      instance_name: 'worker-1',
      instance_creation_timestamp: 1759000000
    }
  }
}
const iap = {
  iss: IAP,
  aud: '/projects/123456789012/global/backendServices/9876543210',
  azp: '/projects/123456789012/global/backendServices/9876543210',
  sub: 'accounts.google.com:100000000000000000001',
  email: 'ann@example.com',
  hd: 'example.com',
  identity_source: 'GOOGLE',
  google: { access_levels: ['accessPolicies/1/accessLevels/corp_device'], device_id: 'example-device' },
  iat: NOW - 240,
  exp: NOW + 360
}
const firebase = {
  iss: 'https://securetoken.google.com/example-project',
  aud: 'example-project',
  auth_time: NOW - 86400,
  user_id: 'kT1uH0sXe8Q9vLw3',
  sub: 'kT1uH0sXe8Q9vLw3',
  email: 'ann@example.com',
  email_verified: true,
  firebase: { identities: { email: ['ann@example.com'] }, sign_in_provider: 'password' },
  ...hour
}
const session = {
  ...firebase,
  iss: 'https://session.firebase.google.com/example-project',
  iat: NOW - 86400,
  exp: NOW + 4 * 86400
}
const appCheck = {
  iss: 'https://firebaseappcheck.googleapis.com/123456789012',
  aud: ['projects/123456789012', 'projects/example-project'],
  sub: '1:123456789012:web:abcdef0123456789',
  jti: 'dGhpcyBpcyBhIHRlc3Q',
  ...hour
}
const selfSigned = { iss: ROBOT, sub: ROBOT, aud: 'https://internal.example.com/reports', ...hour }
const assertion = { iss: ROBOT, aud: 'https://oauth2.googleapis.com/token', target_audience: SERVICE, ...hour }

const google = { profile: 'google', audience: SERVICE, email: ROBOT, now: NOW }
const firebaseProfile = { profile: 'firebase:example-project', audience: 'example-project', email: '', now: NOW }
const good = token(account)

const samples = {
  'service-account': { ...google, text: good },
  person: { ...google, audience: person.aud, email: person.email, text: token(person) },
  machine: { ...google, text: token(machine) },
  iap: { profile: 'iap', audience: iap.aud, email: iap.email, now: NOW, text: token(iap) },
  firebase: { ...firebaseProfile, text: token(firebase) },
  'firebase-session': { ...firebaseProfile, profile: 'firebase-session:example-project', text: token(session) },
  'app-check': { profile: 'app-check:123456789012', audience: 'projects/123456789012', email: '', now: NOW, text: token(appCheck) },
  'self-signed': { profile: `service-account:${ROBOT}`, audience: selfSigned.aud, email: '', now: NOW, text: token(selfSigned) },
  expired: { ...google, text: token({ ...account, iat: NOW - 90000, exp: NOW - 86400 }) },
  audience: { ...google, text: token({ ...account, aud: `${SERVICE}/` }) },
  caller: { ...google, text: token({ ...account, email: 'invoicer@other-project.iam.gserviceaccount.com' }) },
  profile: { ...google, audience: 'example-project', email: '', text: token(firebase) },
  redacted: { ...google, text: good.replace(/[^.]+$/, 'SIGNATURE_REMOVED_BY_GOOGLE') },
  forged: { ...google, text: token(account, { key: stranger }) },
  'look-alike': { ...google, text: token({ ...account, iss: 'https://accounts.google.com.example', email: 'invoic\u0435r@example-project.iam.gserviceaccount.com' }) },
  assertion: { ...google, text: token(assertion) },
  'access-token': { ...google, text: 'Authorization: Bearer ya29.a0AfB_sample-of-an-opaque-token-that-was-never-issued' },
  curl: {
    ...google,
    text: `curl -sS -H "X-Serverless-Authorization: Bearer ${good}" \\\n  -H "Authorization: Bearer ${token(person)}" ${SERVICE}/orders\n`
  }
}

const path = new URL('../../www/samples.json', import.meta.url)
// An ES256 signature is another one each time; keep the one that is there.
try {
  samples.iap.text = JSON.parse(readFileSync(path, 'utf8')).samples.iap.text
} catch {}
writeFileSync(path, JSON.stringify({ about: 'Signed with the test keys of tests/keys. Never trust them.', keys, samples }, null, 1) + '\n')
