// A local Google: keys, tokens, and an HTTP endpoint for the keys whose behaviour a test chooses.

import { generateKeyPairSync, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'

export const AUDIENCE = 'https://service.example'
export const EMAIL = 'robot@project-1.iam.gserviceaccount.com'
export const OPTIONS = { audience: AUDIENCE, callers: [EMAIL] }

/** A key pair that signs tokens: `rsa` for Google, `ec` for Identity-Aware Proxy. */
export function makeKey(kid, type = 'rsa') {
  const { privateKey, publicKey } = type === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const alg = type === 'rsa' ? 'RS256' : 'ES256'
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' }
  return { kid, alg, jwk, privateKey }
}

const now = () => Math.floor(Date.now() / 1000)

export const claims = (changes = {}) => ({
  iss: 'https://accounts.google.com',
  aud: AUDIENCE,
  azp: '112233445566778899001',
  sub: '112233445566778899001',
  email: EMAIL,
  email_verified: true,
  iat: now() - 10,
  exp: now() + 3590,
  ...changes
})

/** A token with these claims: an object, or JSON text for what objects cannot say. */
export function mint(key, payload = claims(), header = {}) {
  const part = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
  const input = `${part({ alg: key.alg, kid: key.kid, typ: 'JWT', ...header })}.${part(payload)}`
  const signature = sign('sha256', Buffer.from(input), { key: key.privateKey, dsaEncoding: 'ieee-p1363' })
  return `${input}.${signature.toString('base64url')}`
}

export const keySet = (...keys) => ({ keys: keys.map((key) => key.jwk) })

/** Serves on a free port of the loopback interface until the test ends. */
export async function serve(t, handler) {
  const server = createServer(handler)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${server.address().port}`
}

/** A key endpoint: `fetches` counts, `keys`, `answer` and `delay` may change under way. */
export async function keyEndpoint(t, ...keys) {
  const endpoint = { fetches: 0, keys, delay: 0, headers: { 'cache-control': 'public, max-age=3600' }, answer: undefined }
  const origin = await serve(t, (request, response) => {
    endpoint.fetches += 1
    setTimeout(() => {
      if (endpoint.answer) return endpoint.answer(request, response)
      response.writeHead(200, { 'content-type': 'application/json', ...endpoint.headers })
      response.end(JSON.stringify(keySet(...endpoint.keys)))
    }, endpoint.delay)
  })
  endpoint.url = `${origin}/certs`
  return endpoint
}
