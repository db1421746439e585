// Everybody who can get an ID token from the emulator.

import { AUDIENCE, TARGET } from './emulator.mjs'
import { answer, emailOf, environment, run } from './programs.mjs'

const googleAuth = async (google, source, audience) =>
  (await answer('google-auth', ['fetch', audience], environment(google, source))).token
const googleAuthLibrary = async (google, source, audience) =>
  (await answer('google-auth-library', ['fetch', audience], environment(google, source))).token
const impersonating = async (google, source, audience) =>
  (await answer('google-auth-library', ['impersonate', TARGET, audience], environment(google, source))).token

async function callerid(google, source, audience) {
  const { status, out, err } = await run('callerid', ['mint', '--audience', audience], environment(google, source))
  if (status !== 0) throw new Error(`callerid mint ended with ${status}: ${err}`)
  return out.trim()
}

async function plainRequest(google, source, audience) {
  const url = `http://${google.metadata_host}/computeMetadata/v1/instance/service-accounts/default/identity?format=full&audience=${encodeURIComponent(audience)}`
  const reply = await fetch(url, { headers: { 'metadata-flavor': 'Google' } })
  if (!reply.ok) throw new Error(`${reply.status} ${await reply.text()}`)
  return reply.text()
}

const MINTERS = [
  ['google-auth', 'key file', googleAuth],
  ['google-auth', 'metadata', googleAuth],
  ['google-auth', 'impersonation', googleAuth],
  ['google-auth-library', 'key file', googleAuthLibrary],
  ['google-auth-library', 'metadata', googleAuthLibrary],
  ['google-auth-library', 'impersonation', googleAuthLibrary],
  ['google-auth-library', 'external account', impersonating],
  ['callerid mint', 'key file', callerid],
  ['callerid mint', 'metadata', callerid],
  ['callerid mint', 'impersonation', callerid],
  ['callerid mint', 'external account', callerid],
  ['a plain request', 'metadata', plainRequest]
]

/** All of them, each with whose tokens it gives and `mint(google, audience)`. */
export const minters = MINTERS.map(([program, source, mint]) => ({
  name: `${program}, ${source}`,
  email: emailOf(source),
  mint: (google, audience = AUDIENCE) => mint(google, source, audience)
}))
