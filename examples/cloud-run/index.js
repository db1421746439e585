import { authenticate, createVerifier } from 'callerid'
import express from 'express'

const { AUDIENCE, ALLOWED_CALLERS, ALLOWED_DOMAIN, KEYS_URL, PORT = '8080' } = process.env

// Behind Identity-Aware Proxy the audience is a path: /projects/NUMBER/locations/REGION/services/NAME,
// or /projects/NUMBER/global/backendServices/ID where a load balancer stands in between.
const isBehindProxy = AUDIENCE?.startsWith('/projects/')

const verifier = createVerifier({
  profile: isBehindProxy ? 'iap' : 'google',
  audience: AUDIENCE,
  callers: isBehindProxy ? [{ hostedDomain: ALLOWED_DOMAIN }] : ALLOWED_CALLERS?.split(','),
  ...(KEYS_URL && { keys: KEYS_URL })
})

const app = express()
app.disable('x-powered-by')
app.get('/healthz', (request, response) => response.send('ok'))
app.use(authenticate(verifier))
app.get('/', (request, response) => response.json({ hello: request.caller.email }))

// With its keys there, the first request is as fast as any other; without, each request tries again.
await verifier.ready().catch((error) => console.error(error.message))
const server = app.listen(Number(PORT), () => console.log(`listening on ${server.address().port}`))
process.on('SIGTERM', () => server.close())
