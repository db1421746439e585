// gcp-metadata, on which Google's libraries for Node ask the metadata server.

import assert from 'node:assert/strict'
import test from 'node:test'

import { ACCOUNT, AUDIENCE, PATIENCE, emulate } from './support/emulator.mjs'
import { answer, environment } from './support/programs.mjs'
import { claimsOf } from './support/tokens.mjs'

const google = await emulate('--proxy')
const found = await answer('gcp-metadata', [AUDIENCE], environment(google, 'metadata'))

const check = (name, body) => test(name, { timeout: PATIENCE }, body)
const SCOPE = 'https://www.googleapis.com/auth/cloud-platform'

check('isAvailable', () => assert.equal(found.isAvailable, true))
check('project', () => assert.deepEqual([found.projectId, found.projectNumber], [google.project_id, String(google.project_number)]))
check('instance, an account', () => {
  assert.equal(found.email, ACCOUNT)
  assert.match(found.scopes, new RegExp(SCOPE))
  assert.deepEqual([found.everything.email, found.everything.scopes.includes(SCOPE)], [ACCOUNT, true])
})
check('instance, the zone', () => assert.match(found.zone, new RegExp(`^projects/${google.project_number}/zones/`)))
check('instance, an access token', () => {
  const { access_token, expires_in, token_type } = found.access
  assert.equal(typeof access_token, 'string')
  assert.ok(expires_in > 0 && expires_in <= 3600)
  assert.equal(token_type, 'Bearer')
})
check('instance, an identity', async () => {
  const { email, google: details } = await claimsOf(google, found.identity)
  assert.equal(email, ACCOUNT)
  assert.equal(details.compute_engine.project_id, google.project_id)
})
check('instance, an identity for nobody', () => assert.equal(found.withoutAudience.status, 400))
check('universe', () => assert.ok(found.universe === 'googleapis.com' || found.universe.status === 404))
check('isAvailable, where there is none', async () => {
  const nowhere = { ...environment(google), METADATA_SERVER_DETECTION: 'ping-only', GCE_METADATA_HOST: '127.0.0.1:1' }
  assert.deepEqual(await answer('gcp-metadata', [AUDIENCE], nowhere), { isAvailable: false })
})
