// The workshop for test tokens: apart from the verifier, offline as well, and honest about imitations.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { createVerifier } from '../../pkg/index.js'
import { assertAccessible, host, open, screenshot, settle, shown } from './support.mjs'

const KINDS = ['google-service-account', 'google-service-account-without-email', 'google-user', 'compute-engine', 'iap', 'firebase', 'firebase-session', 'app-check', 'service-account', 'chat', 'confidential-space', 'gke']

async function openMint(page) {
  await page.locator('#mint summary').first().click()
  await page.waitForSelector('#mint-make')
}

/** Makes a token and gives it with its keys. */
async function make(page, { kind, imitate = false, ...fields } = {}) {
  if (kind !== undefined) await page.locator('#mint-kind').selectOption(kind)
  await page.locator('#mint-imitate').setChecked(imitate)
  for (const [name, value] of Object.entries(fields)) {
    const field = page.locator(`#mint-${name}`)
    if (name === 'algorithm') await field.selectOption(value)
    else await field.fill(value)
  }
  await page.locator('.made').evaluate((made) => made.replaceChildren())
  await page.locator('#mint-make').click()
  await page.waitForSelector('#mint-token, #mint-body .wrong:not([hidden])')
  const error = page.locator('#mint-body .wrong:not([hidden])')
  if ((await error.count()) > 0) return { wrong: await error.textContent() }
  return { token: await page.locator('#mint-token').textContent(), keys: await page.locator('.made details pre').textContent() }
}

const read = (part) => JSON.parse(Buffer.from(part, 'base64url').toString())

test('what signs is not loaded before it is asked for', async () => {
  host.sent.length = 0
  const page = await open({ serviceWorkers: 'block', expected: [/Service Worker registration blocked/] })
  const loaded = () => host.sent.map(({ path }) => path).filter((path) => /mint/.test(path))
  assert.deepEqual(loaded(), [])
  // Whatever the bundler calls its files, none so far makes keys.
  const scripts = host.sent.map(({ path }) => path).filter((path) => path.endsWith('.js'))
  assert.ok(scripts.length > 0)
  for (const path of scripts) assert.ok(!readFileSync(join(host.folder, path), 'utf8').includes('generateKey'), path)
  await openMint(page)
  assert.deepEqual(loaded().map((path) => path.replace(/-[A-Z0-9]+\.js$/, '.js')), ['js/mint-panel.js', 'mint/mint.wasm'])
  await page.context().close()
})

test('every kind is made, as Google’s and as nobody’s, and is what it says', async () => {
  const page = await open()
  await openMint(page)
  assert.deepEqual(await page.locator('#mint-kind option').evaluateAll((all) => all.map(({ value }) => value)), KINDS)
  for (const kind of KINDS) {
    const own = await make(page, { kind })
    assert.equal(read(own.token.split('.')[1]).iss, 'https://callerid.test', kind)
    assert.equal(read(own.token.split('.')[0]).callerid_test, undefined, kind)
    await page.locator('#mint-inspect').click()
    await settle(page)
    assert.equal((await shown(page)).code, 'issuer_mismatch', kind)

    const imitation = await make(page, { kind, imitate: true })
    assert.equal(read(imitation.token.split('.')[0]).callerid_test, true, kind)
    await page.locator('#mint-inspect').click()
    await settle(page)
    // Google vouches for no address of theirs, so no caller can be expected by it.
    const answer = await shown(page)
    assert.equal(answer.verdict, 'verified', `${kind}: ${JSON.stringify(answer)}`)
    assert.match(await page.locator('#about-notes').textContent(), /made for tests/, kind)
    assert.match(await page.locator('#keys-state').textContent(), /proves nothing/, kind)
  }
  await page.context().close()
})

const FIELDS = { issuer: 'https://tests.example', audience: 'https://svc.example', email: 'me@example.com', subject: '42', lifetime: '90', moment: '1760000000' }

for (const algorithm of ['RS256', 'ES256']) {
  test(`every field is taken, and ${algorithm} signs`, async () => {
    const page = await open()
    await openMint(page)
    const { token, keys } = await make(page, { kind: 'google-user', algorithm, ...FIELDS })
    const [header, claims] = token.split('.').slice(0, 2).map(read)
    assert.equal(header.alg, algorithm)
    const { iss, aud, email, sub, iat, exp } = claims
    assert.deepEqual({ iss, aud, email, sub, iat, exp }, { iss: FIELDS.issuer, aud: FIELDS.audience, email: FIELDS.email, sub: '42', iat: 1760000000, exp: 1760000090 })
    const { checks } = createVerifier({ audience: FIELDS.audience, anyCaller: true, keys, now: () => 1760000001 }).inspectSync(token)
    assert.equal(checks.find(({ check }) => check === (algorithm === 'RS256' ? 'signature' : 'algorithm')).status, algorithm === 'RS256' ? 'pass' : 'fail')
    assert.deepEqual(JSON.parse(keys).keys.map(({ d, p, kid }) => [d, p, kid]), [[undefined, undefined, header.kid]])
    // The same key signs until another is asked for.
    assert.equal((await make(page)).keys, keys)
    await page.getByRole('button', { name: 'Another key' }).click()
    await page.waitForFunction((old) => document.querySelector('.made details pre')?.textContent !== old, keys)
    await page.context().close()
  })
}

const REFUSED = {
  'Google without an imitation': [{ issuer: 'https://accounts.google.com' }, /imitation/],
  'a lifetime of words': [{ lifetime: 'an hour' }, /lifetime/],
  'a time without a zone': [{ moment: '2025-10-09 08:53' }, /known forms/],
  'half an address': [{ email: 'ann' }, /e-mail.*whole address/i]
}

for (const [name, [fields, words]] of Object.entries(REFUSED)) {
  test(`refused: ${name}`, async () => {
    const page = await open()
    await openMint(page)
    assert.match((await make(page, fields)).wrong ?? 'nothing was wrong', words)
    assert.match((await make(page, Object.fromEntries(Object.keys(fields).map((field) => [field, ''])))).token, /^ey/)
    await page.context().close()
  })
}

test('an imitation is signed as Google signs, and looks dangerous', async () => {
  const page = await open()
  await openMint(page)
  await page.locator('#mint-kind').selectOption('iap')
  await page.locator('#mint-algorithm').selectOption('RS256')
  await page.locator('#mint-imitate').check()
  assert.equal(await page.locator('#mint-algorithm').inputValue(), 'ES256')
  assert.equal(await page.locator('#mint-algorithm option[value=RS256]').isDisabled(), true)
  assert.ok(await page.locator('.danger').isVisible())
  assert.match(await page.locator('#mint-issuer').getAttribute('placeholder'), /cloud\.google\.com\/iap/)
  await page.context().close()
})

test('works without a network though it was never opened before', async () => {
  const page = await open({ expected: [/net::ERR_INTERNET_DISCONNECTED/] })
  await page.waitForFunction(() => document.querySelector('#offline').textContent !== '')
  await page.context().setOffline(true)
  await page.reload()
  await page.waitForSelector('body[data-ready]')
  await openMint(page)
  assert.match((await make(page)).token, /^ey/)
  await page.context().close()
})

test('no private key and no token is kept', async () => {
  const page = await open()
  await openMint(page)
  await make(page)
  const kept = await page.evaluate(async () => [location.search + location.hash, localStorage.length + sessionStorage.length, document.cookie, (await indexedDB.databases()).length])
  assert.deepEqual(kept, ['', 0, '', 0])
  await page.context().close()
})

for (const scheme of ['light', 'dark']) {
  for (const width of [320, 1280]) {
    test(`the workshop is accessible, ${scheme}, ${width} px`, async () => {
      const page = await open({ width, scheme, axe: true })
      await page.locator('#mint summary').first().focus()
      await page.keyboard.press('Enter')
      await page.waitForSelector('#mint-make')
      for (const imitate of [false, true]) {
        await make(page, { imitate })
        await page.evaluate(() => document.querySelector('.mint').scrollIntoView())
        await assertAccessible(page, `mint ${scheme} ${width}`)
        const name = `mint${imitate ? '-imitation' : ''}-${width === 320 ? 'phone' : 'wide'}-${scheme}`
        await screenshot(page, name, {}, page.locator('.mint'))
      }
      await page.locator('#mint-inspect').click()
      await settle(page)
      assert.equal((await shown(page)).line, 'Verified, but made for tests')
      assert.equal(await page.evaluate(() => document.activeElement.id), 'verdict')
      await assertAccessible(page, `minted ${scheme} ${width}`)
      await screenshot(page, `minted-${width === 320 ? 'phone' : 'wide'}-${scheme}`, { fullPage: false })
      await page.context().close()
    })
  }
}
