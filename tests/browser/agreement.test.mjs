// The page says what the command line says, and the npm package in Node: of samples, of vectors, and of tokens
// that Google issued.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after } from 'node:test'
import { createVerifier, extract } from '../../pkg/index.js'
import { open, settle, shown, trySample } from './support.mjs'

const { keys, samples } = JSON.parse(readFileSync(new URL('../../www/samples.json', import.meta.url)))

function inNode({ token, profile, audience, email, now, keys }) {
  const options = { profile, keys, now: () => now, cache: false }
  Object.assign(options, audience ? { audience } : { insecureAnyAudience: true })
  Object.assign(options, email ? { callers: { email } } : { anyCaller: true })
  return createVerifier(options).inspectSync(token)
}

const folder = mkdtempSync(join(tmpdir(), 'callerid-'))
after(() => rmSync(folder, { recursive: true }))

/** The report of `callerid verify --json` on the same token and the same question. */
function onCommandLine({ token, profile, audience, email, now, keys }) {
  const file = join(folder, 'keys.json')
  writeFileSync(file, typeof keys === 'string' ? keys : JSON.stringify(keys))
  const expected = [audience ? ['--audience', audience] : ['--insecure-any-audience'], email ? ['--email', email] : []].flat()
  const args = ['verify', '--json', '--profile', profile, ...expected, '--now', String(now), '--keys', file, '-']
  return new Promise((resolve, reject) => {
    const child = execFile(process.env.CALLERID, args, { maxBuffer: 1 << 24 }, (_, out, errors) => {
      if (out === '') reject(new Error(errors))
      else resolve(JSON.parse(out))
    })
    child.stdin.on('error', () => {}) // it was refused before all of it was read
    child.stdin.end(token)
  })
}

/** Holds what the page shows against both. */
async function assertAgreed(page, question, name) {
  assertSame(page, await onCommandLine(question), `${name}, command line`)
  assertSame(page, inNode(question), `${name}, Node`)
}

function assertSame(page, report, name) {
  assert.equal(page.verdict, report.verdict, name)
  assert.equal(page.code, report.code, name)
  const checks = report.checks.map(({ check, status, message }) => ({ check, status, message }))
  // Of a very long text the page shows the beginning and how much is left.
  const cut = ({ message, ...rest }) => ({ ...rest, message: message.slice(0, 1500).replace(/ … and [\d,]+ more characters$/, '') })
  assert.deepEqual(page.checks.map(cut), checks.map(cut), name)
}

/** Fills all fields at once, as a person would one by one. */
async function ask(page, { text, profile, audience, email, now, keys }) {
  await page.evaluate((fields) => {
    const set = (id, value, event = 'input') => {
      const field = document.getElementById(id)
      field.value = value
      field.dispatchEvent(new Event(event, { bubbles: true }))
    }
    const [name, ...parameter] = fields.profile.split(':')
    set('pasted', fields.text)
    set('profile', name, 'change')
    set('parameter', parameter.join(':'))
    set('audience', fields.audience ?? '')
    set('email', fields.email ?? '')
    set('moment', String(fields.now))
    set('keys-text', fields.keys)
  }, { text, profile, audience, email, now, keys })
  await settle(page)
}

test('every sample', async () => {
  const page = await open()
  const offered = await page.locator('[data-sample]').evaluateAll((all) => all.map(({ dataset }) => dataset.sample))
  assert.deepEqual(offered.toSorted(), Object.keys(samples).toSorted())
  for (const [name, sample] of Object.entries(samples)) {
    await trySample(page, name)
    const [token] = extract(sample.text).tokens
    await assertAgreed(await shown(page), { ...sample, token, keys }, name)
  }
  await page.context().close()
})

const VECTORS = new URL(process.env.CALLERID_VECTORS ? `file://${process.env.CALLERID_VECTORS}/` : '../vectors/', import.meta.url)

for (const family of existsSync(VECTORS) ? ['profiles', 'diagnoses', 'callers', 'recognition'] : []) {
  test(`the vectors of ${family}`, async () => {
    const { cases } = JSON.parse(readFileSync(new URL(`${family}.json`, VECTORS)))
    const page = await open()
    let count = 0
    for (const { name, token: text, keys: file = 'trusted.json', profile = 'google', audience = '', email = [], now } of cases) {
      const [token] = extract(text).tokens
      if (text.trim() === '' || text.length > 100_000 || text.includes('\r') || [audience].flat().length > 1) continue
      const question = { profile, audience: [audience].flat()[0], email: [email].flat()[0], now, keys: readFileSync(new URL(`keys/${file}`, VECTORS), 'utf8') }
      try {
        inNode({ ...question, token })
      } catch {
        continue // not a question that the package takes
      }
      await ask(page, { ...question, text })
      await assertAgreed(await shown(page), { ...question, token }, name)
      count++
    }
    console.log(`${family}: ${count} of ${cases.length} cases`)
    assert.ok(count > 0)
    await page.context().close()
  })
}

const REAL = process.env.CALLERID_CORPUS && `${process.env.CALLERID_CORPUS}/google-real`

// Without the corpus `cargo xtask test` says itself what was not run.
if (REAL) test('tokens that Google really issued', async () => {
  const page = await open()
  for (const name of readdirSync(REAL)) {
    const read = (file) => readFileSync(`${REAL}/${name}/${file}`, 'utf8')
    const { aud: audience, verify_at: now } = JSON.parse(read('case.json'))
    const text = read('token.jwt')
    const question = { profile: name.startsWith('iap') ? 'iap' : 'google', audience, now, keys: read('jwks.json') }
    await ask(page, { ...question, text })
    const answer = await shown(page)
    await assertAgreed(answer, { ...question, token: text }, name)
    assert.equal(answer.verdict, name.startsWith('sa-selfsigned') ? 'rejected' : 'verified', name)
    if (answer.verdict === 'verified') assert.equal(answer.line, 'Verified, for any caller')
  }
  await page.context().close()
})
