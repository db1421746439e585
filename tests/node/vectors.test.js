// The cases of tests/vectors, through the public API; see the README there.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'

import { createVerifier, decode, extract } from '../../pkg/index.js'
import { root } from './support/package.js'

const folder = join(root, 'tests/vectors')

const textOf = (text) => (typeof text === 'string' ? text : text.before + text.repeat.repeat(text.times) + text.after)

function keysOf({ keys }) {
  if (typeof keys !== 'string') return keys
  return /^[\w.-]+$/.test(keys) ? readFileSync(join(folder, 'keys', keys), 'utf8') : keys
}

const YEAR_9999 = 253402300799
const DEMANDS = { email: 'email', email_domain: 'emailDomain', subject: 'subject', hosted_domain: 'hostedDomain', project: 'project' }

function verifierOf(vector) {
  const options = { profile: vector.profile ?? 'google', now: () => vector.now }
  if (vector.audience === null || vector.audience === undefined) options.insecureAnyAudience = true
  else options.audience = vector.audience
  const demands = Object.entries(DEMANDS).filter(([name]) => vector[name] !== undefined)
  if (vector.callers !== undefined) options.callers = vector.callers
  else if (demands.length > 0) options.callers = Object.fromEntries(demands.map(([name, inJs]) => [inJs, vector[name]]))
  else options.anyCaller = true
  if (vector.authorized_party !== undefined) options.authorizedParty = vector.authorized_party
  if (vector.nonce !== undefined) options.nonce = vector.nonce
  if (vector.skew !== undefined) options.clockSkew = vector.skew
  const keys = keysOf(vector)
  if (keys === null || keys === undefined) options.fetch = async () => Promise.reject(new Error('offline'))
  else options.keys = typeof keys === 'string' && keys.trim() === '' ? {} : keys
  return createVerifier(options)
}

// What the command line has no flag for.
const ONLY_HERE = ['callers']

/** What the command line that CALLERID names prints on the same case, where it can be asked. */
function commandLine(vector, token) {
  const program = process.env.CALLERID
  if (program === undefined || typeof vector.keys !== 'string' || ONLY_HERE.some((name) => vector[name] !== undefined)) return undefined
  // There a token is taken out of the text around it; here it is judged as it stands.
  const { tokens, notes } = extract(token)
  if (token === '' || token.length > 1 << 20 || tokens[0] !== token || notes.length > 0) return undefined
  const scratch = mkdtempSync(join(tmpdir(), 'callerid-vector-'))
  try {
    writeFileSync(join(scratch, 'keys'), keysOf(vector))
    writeFileSync(join(scratch, 'token'), token)
    const list = (flag, values) => (values === undefined ? [] : [values].flat().flatMap((value) => [flag, value]))
    const flags = ['verify', '--json', '--keys', join(scratch, 'keys'), '--now', String(vector.now), ...list('--profile', vector.profile ?? 'google'),
      ...(vector.audience === null ? ['--insecure-any-audience'] : list('--audience', vector.audience)), ...list('--email', vector.email), ...list('--subject', vector.subject),
      ...list('--email-domain', vector.email_domain), ...list('--hosted-domain', vector.hosted_domain), ...list('--project', vector.project),
      ...list('--authorized-party', vector.authorized_party), ...list('--nonce', vector.nonce), ...(vector.skew === undefined ? [] : ['--skew', String(vector.skew)])]
    try {
      return execFileSync(program, flags, { input: token, stdio: ['pipe', 'pipe', 'ignore'] }).toString()
    } catch (error) {
      return error.stdout.toString()
    }
  } finally {
    rmSync(scratch, { recursive: true })
  }
}

/** The core's own report on a vector, where the core was run natively: see tests/it/vectors.rs. */
function core(family, at) {
  const folder = process.env.CALLERID_REPORTS
  return folder === undefined ? undefined : reportsOf(join(folder, `${family}.json`))[at]
}

const read = new Map()

function reportsOf(file) {
  if (!read.has(file)) read.set(file, JSON.parse(readFileSync(file, 'utf8')))
  return read.get(file)
}

async function judge(vector, family, at) {
  const { expect } = vector
  const token = textOf(vector.token)
  let verifier
  try {
    verifier = verifierOf(vector)
  } catch (error) {
    // A key set without any usable key is refused before there is a token.
    assert.ok(error instanceof TypeError && error.message.startsWith('keys: '), error)
    assert.ok(['duplicate_member', 'jwks_malformed', 'key_unusable'].includes(expect.code), `${error.message} (${expect.code})`)
    return
  }
  if (vector.now < 0 || vector.now > YEAR_9999) {
    // Here a clock that says so is refused, since it most likely counts milliseconds.
    await assert.rejects(verifier.inspect(token), TypeError)
    return
  }
  const report = await verifier.inspect(token)
  assert.deepEqual([report.verdict, report.code], [expect.verdict, expect.code])
  if (expect.failed !== undefined) {
    assert.deepEqual(report.checks.filter(({ status }) => status === 'fail').map(({ check }) => check), expect.failed)
  }
  if (expect.kind !== undefined) assert.equal(report.kind, expect.kind)
  const caller = await verifier.verify(token).then((caller) => caller, (error) => error.code)
  if (expect.verdict === 'verified') {
    assert.deepEqual(caller.claims, report.claims)
    assert.equal(caller.kind, report.kind)
  } else assert.equal(caller, expect.code)
  const printed = commandLine(vector, token)
  if (printed !== undefined) assert.equal(`${report}\n`, printed)
  // Of a text beyond every limit, JavaScript hands over the beginning.
  const native = token.length > 1 << 20 ? undefined : core(family, at)
  if (typeof native === 'string') assert.equal(String(report), native)
}

const asks = {
  extraction: ({ text, expect }) => {
    const { tokens, notes } = extract(textOf(text))
    assert.deepEqual(tokens, expect.tokens)
    if (expect.notes !== undefined) assert.deepEqual(notes.map(({ note }) => note), expect.notes)
  },
  recognition: ({ token, now, expect }) => assert.equal(decode(textOf(token), { now: now ?? 0 }).kind, expect.kind)
}

const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json') && name !== 'exceptions.json') : []

for (const file of files) {
  const { family, cases } = JSON.parse(readFileSync(join(folder, file), 'utf8'))
  for (const [at, vector] of cases.entries()) test(`${family}: ${vector.name}`, () => (asks[family] ?? judge)(vector, family, at))
}

test('every family of vectors was judged', () => {
  const families = ['attacks', 'callers', 'diagnoses', 'encodings', 'extraction', 'key_sets', 'profiles', 'recognition', 'times']
  assert.deepEqual(files.map((file) => file.replace('.json', '')).sort(), families)
  for (const file of files) assert.notEqual(JSON.parse(readFileSync(join(folder, file), 'utf8')).cases.length, 0, file)
})
