// A service that calls the one in index.js, as the service account that Cloud Run runs it with.

import express from 'express'

const { CALLEE_URL, CALLEE_AUDIENCE, GCE_METADATA_HOST = 'metadata.google.internal', PORT = '8080' } = process.env
if (!CALLEE_URL || !CALLEE_AUDIENCE) throw new Error('CALLEE_URL and CALLEE_AUDIENCE must be set')

// The metadata server keeps a token until shortly before its end, so it may be asked each time.
async function idToken(audience) {
  const query = new URLSearchParams({ audience, format: 'full' })
  const url = `http://${GCE_METADATA_HOST}/computeMetadata/v1/instance/service-accounts/default/identity?${query}`
  const response = await fetch(url, { headers: { 'metadata-flavor': 'Google' }, redirect: 'error', signal: AbortSignal.timeout(5_000) })
  // Without this field it was somebody else who answered, such as a proxy.
  if (!response.ok || response.headers.get('metadata-flavor') !== 'Google') throw new Error(`no token: status ${response.status}`)
  return response.text()
}

/** Two tokens: one opens Cloud Run's door, which takes away its signature, the other is for the service itself. */
async function call(path) {
  const [forCloudRun, forService] = await Promise.all([idToken(new URL(CALLEE_URL).origin), idToken(CALLEE_AUDIENCE)])
  const headers = { 'x-serverless-authorization': `Bearer ${forCloudRun}`, authorization: `Bearer ${forService}` }
  // A token is not taken along to wherever a redirect leads.
  return fetch(new URL(path, CALLEE_URL), { headers, redirect: 'error', signal: AbortSignal.timeout(10_000) })
}

const app = express()
app.disable('x-powered-by')
app.get('/', async (request, response) => {
  const answer = await call('/')
  response.status(answer.ok ? 200 : 502).json({ status: answer.status, answer: await answer.json().catch(() => null) })
})

const server = app.listen(Number(PORT), () => console.log(`listening on ${server.address().port}`))
process.on('SIGTERM', () => server.close())
