// `callerid inspect`: the page from the program, for one browser, with the token and the keys.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, test } from 'node:test'
import { host, open, settle, shown, trySample } from './support.mjs'

const { samples } = JSON.parse(readFileSync(new URL('../../www/samples.json', import.meta.url)))
const token = samples['service-account'].text
const home = mkdtempSync(join(tmpdir(), 'callerid-'))
const running = new Set()
after(async () => {
  // A test that failed has left its programs behind.
  await Promise.all([...running].map((child) => {
    child.kill('SIGKILL')
    return once(child, 'exit')
  }))
  rmSync(home, { recursive: true })
})

// Behind it there is nobody.
const NOWHERE = { HTTPS_PROXY: 'http://127.0.0.1:1', https_proxy: 'http://127.0.0.1:1' }

/** Starts the inspector. */
const inspect = ({ args = [], ...options } = {}) => start(['inspect', '--no-open', ...args], options)

/** Starts the program; `stop` ends it as Ctrl-C would and gives its exit status. */
async function start(args, { input = '', variables = NOWHERE } = {}) {
  // Nothing is kept outside of this folder, and nothing of another run is found.
  const env = { ...process.env, CALLERID_CACHE_DIR: mkdtempSync(join(home, 'cache-')), ...variables }
  const child = spawn(process.env.CALLERID, args, { env })
  running.add(child)
  child.on('exit', () => running.delete(child))
  child.stdin.end(input)
  let errors = ''
  child.stderr.on('data', (data) => { errors += data })
  const ended = new Promise((resolve) => child.on('exit', (status) => resolve(status)))
  const lines = createInterface({ input: child.stdout })
  const url = await new Promise((resolve, reject) => {
    lines.once('line', resolve)
    lines.once('close', () => reject(new Error(errors)))
  })
  return { url, errors: () => errors, stop: () => { child.kill('SIGINT'); return ended } }
}

const FOLDER = ['--site', host.folder]

test('a token from the terminal is shown, is nowhere else, and is handed over once', async () => {
  // The page is part of this very program.
  const program = await inspect({ input: `Authorization: Bearer ${token}\n` })
  assert.match(program.url, /^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}\/$/)
  const page = await open({ at: program.url })
  assert.equal((await shown(page)).code, 'keys_unavailable')
  assert.match(await page.locator('#about-kind').textContent(), /service account/)
  assert.equal(page.url(), program.url)
  assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0)
  await page.reload()
  await page.waitForSelector('body[data-ready]')
  assert.equal(await page.locator('#pasted').inputValue(), '')
  assert.ok(!program.errors().includes(token.slice(0, 20)))
  assert.deepEqual(readdirSync(home, { recursive: true }).filter((name) => readFileSyncOrNothing(join(home, name)).includes(token)), [])
  await trySample(page, 'audience')
  assert.equal((await shown(page)).code, 'audience_mismatch')
  await page.locator('#mint summary').first().click()
  await page.waitForSelector('#mint-make')
  await page.context().close()
  const status = await program.stop()
  // Windows knows no such signal, and ends the program at once.
  if (process.platform !== 'win32') assert.equal(status, 0)
})

function readFileSyncOrNothing(path) {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return '' // a folder
  }
}

test('keys come through the program, and so does the reason why there are none', async () => {
  const program = await inspect({ args: [...FOLDER, token] })
  const page = await open({ at: program.url, expected: [/502 \(Bad Gateway\)/] })
  await page.locator('#get-keys').click()
  await page.waitForFunction(() => /callerid could not get them/.test(document.querySelector('#keys-state').textContent))
  await settle(page)
  const { code, checks } = await shown(page)
  assert.equal(code, 'keys_unavailable')
  assert.match(checks.find(({ check }) => check === 'key').message, /proxy/)
  await page.context().close()
  await program.stop()
})

// Elsewhere a program takes its authorities from the system alone.
if (process.platform === 'linux') test('keys come through the program from where Google would be, and are kept', async () => {
  const emulator = await start(['emulate', '--proxy', '--write-credentials', join(home, 'credentials')])
  const { url, proxy } = JSON.parse(emulator.url)
  const audience = 'https://svc.example'
  const identity = await ask(`${url}/computeMetadata/v1/instance/service-accounts/default/identity?audience=${audience}`, { headers: { 'metadata-flavor': 'Google' } })
  const kept = { CALLERID_CACHE_DIR: join(home, 'kept') }
  const variables = { ...kept, HTTPS_PROXY: proxy.url, https_proxy: proxy.url, SSL_CERT_FILE: proxy.ca }
  const program = await inspect({ input: identity.text, variables })
  const page = await open({ at: program.url })
  await page.locator('#audience').fill(audience)
  await page.locator('#get-keys').click()
  await page.waitForFunction(() => document.querySelector('#verdict').dataset.verdict === 'verified')
  assert.equal((await shown(page)).line, 'Verified, but made for tests')
  assert.match(await page.locator('#verdict-basis').textContent(), /callerid-emulator-.* fetched from Google by callerid/)
  assert.match(await page.locator('#about-notes').textContent(), /emulator/)
  // Far from the emulator another run still has them, as they are fresh.
  await program.stop()
  await emulator.stop()
  const later = await inspect({ input: identity.text, variables: { ...NOWHERE, ...kept } })
  const again = await open({ at: later.url })
  await again.locator('#get-keys').click()
  await again.waitForFunction(() => document.querySelector('#verdict').dataset.verdict === 'verified')
  await Promise.all([page, again].map((page) => page.context().close()))
  await later.stop()
})

/** Status, headers and text of one request, whatever a browser would not let one send. */
function ask(url, { method = 'GET', headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers }, (response) => {
      let text = ''
      response.on('data', (data) => { text += data }).on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }))
    })
    asked.on('error', reject).end(body)
  })
}

test('nobody else is answered', async () => {
  const program = await inspect({ args: [...FOLDER, token] })
  const { origin, host: name, port } = new URL(program.url)
  const own = { origin }
  const requests = [
    [404, origin],
    [404, `${origin}/`],
    [404, `${origin}/${'0'.repeat(32)}/`],
    [404, `${origin}/${'0'.repeat(32)}/handover`, { method: 'POST', headers: own }],
    [404, program.url.slice(0, -1)],
    [404, `${program.url}js/`],
    [404, `${program.url}sw.js`],
    [404, `${program.url}../../Cargo.toml`],
    [404, `${program.url}%2e%2e/%2e%2e/Cargo.toml`],
    [404, `${program.url}/etc/passwd`],
    [421, program.url, { headers: { host: 'evil.example' } }],
    [421, program.url, { headers: { host: `evil.example:${port}` } }],
    [421, program.url, { headers: { host: '127.0.0.1' } }],
    [405, `${program.url}handover`],
    [405, program.url, { method: 'PUT' }],
    [403, `${program.url}handover`, { method: 'POST' }],
    [403, `${program.url}handover`, { method: 'POST', headers: { origin: 'https://evil.example' } }],
    [403, `${program.url}handover`, { method: 'POST', headers: { origin: 'null' } }],
    [403, `${program.url}keys`, { method: 'POST', headers: { origin: `http://localhost.evil.example:${port}` } }],
    [413, `${program.url}keys`, { method: 'POST', headers: own, body: 'x'.repeat(5000) }],
    [502, `${program.url}keys`, { method: 'POST', headers: own, body: 'no-such-profile' }],
    [200, program.url, { headers: { host: `localhost:${port}` } }],
    [200, program.url, { method: 'HEAD' }],
    [200, `${program.url}handover`, { method: 'POST', headers: own }],
    [204, `${program.url}handover`, { method: 'POST', headers: own }]
  ]
  for (const [status, url, options] of requests) {
    const answer = await ask(url, options)
    assert.equal(answer.status, status, `${options?.method ?? 'GET'} ${url} ${JSON.stringify(options?.headers ?? {})}`)
    if (status !== 413) {
      assert.match(answer.headers['content-security-policy'], /^default-src 'none';.*connect-src 'self';.*frame-ancestors 'none'$/)
      assert.equal(answer.headers['x-content-type-options'], 'nosniff')
      assert.equal(answer.headers['referrer-policy'], 'no-referrer')
      assert.equal(answer.headers['cross-origin-resource-policy'], 'same-origin')
      assert.equal(answer.headers['cache-control'], 'no-store')
    }
    assert.equal(answer.headers['access-control-allow-origin'], undefined)
    assert.equal(answer.text.includes(token), status === 200 && url.endsWith('handover'))
  }
  assert.equal(name, `127.0.0.1:${port}`)
  await program.stop()
})

test('a folder that is not the page is not served', async () => {
  await assert.rejects(inspect({ args: ['--site', home] }), /^Error: error: the page in .* cannot be used: index\.html.*\nhint: .*xtask site/)
})
