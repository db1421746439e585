// The function of examples/cloud-function as it is written on google-auth-library: the same answers and the
// same log, by keys that are there from the start.

import { readFileSync } from 'node:fs'

import functions from '@google-cloud/functions-framework'
import { OAuth2Client } from 'google-auth-library'

const { AUDIENCE, ALLOWED_CALLERS, CERTS_FILE } = process.env
const callers = ALLOWED_CALLERS.split(',')
const certs = JSON.parse(readFileSync(CERTS_FILE, 'utf8'))
const client = new OAuth2Client()
const issuers = ['https://accounts.google.com', 'accounts.google.com']

functions.http('greet', async (request, response) => {
  const [, token] = /^Bearer (\S+)$/i.exec(request.get('authorization') ?? '') ?? []
  let caller
  try {
    caller = (await client.verifySignedJwtWithCertsAsync(token, certs, AUDIENCE, issuers)).getPayload()
  } catch (error) {
    log('WARNING', request, { rejected: error.message.split(':')[0] })
    return response.status(401).json({ error: 'invalid_token' })
  }
  if (!caller.email_verified || !callers.includes(caller.email)) {
    log('WARNING', request, { rejected: 'caller_not_allowed' })
    return response.status(403).json({ error: 'forbidden' })
  }
  log('INFO', request, { caller: caller.email })
  response.json({ hello: caller.email })
})

function log(severity, request, entry) {
  console.log(JSON.stringify({ severity, message: `${entry.caller ?? 'a stranger'} asked for ${request.path}`, ...entry }))
}
