// google-auth-library, used as its documentation shows: one job in, one line of JSON out.
//
// Usage: node google-auth-library.mjs JOB ARGUMENT...
//   fetch AUDIENCE                 a token, from wherever the environment says
//   call AUDIENCE URL              GET through getIdTokenClient(): status and body
//   access                         an access token, from wherever the environment says
//   impersonate ACCOUNT AUDIENCE   a token of this account, for whom the environment speaks
//   verify AUDIENCE                claims, or the error, of each token on standard input, by Google's own endpoint
//   verify AUDIENCE CERTS_URL      the same, by this endpoint
//   verify-iap AUDIENCE            the same of Identity-Aware Proxy's assertions, by its own endpoint

import { readFileSync } from 'node:fs'

import { GoogleAuth, Impersonated, OAuth2Client } from 'google-auth-library'

const SCOPES = ['https://www.googleapis.com/auth/cloud-platform']
const ISSUERS = ['https://accounts.google.com', 'accounts.google.com']
const auth = new GoogleAuth({ scopes: SCOPES })

const jobs = {
  async fetch(audience) {
    const client = await auth.getIdTokenClient(audience)
    const headers = await client.getRequestHeaders()
    return { token: headers.get('authorization').replace('Bearer ', '') }
  },
  async call(audience, url) {
    const client = await auth.getIdTokenClient(audience)
    const { status, data } = await client.request({ url, validateStatus: () => true, responseType: 'text' })
    return { status, body: data }
  },
  async access() {
    return { token: await auth.getAccessToken() }
  },
  async impersonate(targetPrincipal, audience) {
    const sourceClient = await auth.getClient()
    const client = new Impersonated({ sourceClient, targetPrincipal, targetScopes: SCOPES })
    return { token: await client.fetchIdToken(audience) }
  },
  async verify(audience, certsUrl) {
    const client = new OAuth2Client()
    if (certsUrl === undefined) return verdicts((idToken) => client.verifyIdToken({ idToken, audience }))
    const certs = await (await fetch(certsUrl)).json()
    return verdicts((token) => client.verifySignedJwtWithCertsAsync(token, certs, audience, ISSUERS))
  },
  async 'verify-iap'(audience) {
    const client = new OAuth2Client()
    const { pubkeys } = await client.getIapPublicKeys()
    return verdicts((token) => client.verifySignedJwtWithCertsAsync(token, pubkeys, audience, ['https://cloud.google.com/iap']))
  }
}

async function verdicts(verify) {
  const tokens = readFileSync(0, 'utf8').split(/\s+/).filter(Boolean)
  return Promise.all(tokens.map((token) => verify(token).then((ticket) => ({ claims: ticket.getPayload() }), ({ message }) => ({ error: message.split(':')[0] }))))
}

const [job, ...rest] = process.argv.slice(2)
await jobs[job](...rest).then(
  (answer) => console.log(JSON.stringify(answer)),
  (error) => {
    console.error(error.message)
    process.exitCode = 1
  }
)
