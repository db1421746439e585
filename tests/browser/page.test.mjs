// The page as people meet it: at any width, by keyboard, without a network, soon.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { assertAccessible, host, open, paste, screenshot, settle, shown, trySample } from './support.mjs'

const { keys, samples } = JSON.parse(readFileSync(new URL('../../www/samples.json', import.meta.url)))

for (const scheme of ['light', 'dark']) {
  for (const width of [320, 768, 1280]) {
    test(`accessible, ${scheme}, ${width} px`, async () => {
      const page = await open({ width, scheme, axe: true })
      const look = async (name) => {
        await assertAccessible(page, `${name} ${scheme} ${width}`)
        if (width !== 768) await screenshot(page, `${name}-${width === 320 ? 'phone' : 'wide'}-${scheme}`)
      }
      await look('empty')
      for (const name of ['service-account', 'audience', 'look-alike', 'machine', 'access-token', 'curl']) {
        await trySample(page, name)
        if (name === 'audience') await page.locator('#take button').first().click()
        await look(name)
      }
      await page.locator('#clear').click()
      await paste(page, samples['service-account'].text)
      await page.locator('#own-keys summary').click()
      await look('undecided')
      await page.context().close()
    })
  }
}

test('the picture for the README', async () => {
  const page = await open({ height: 1010 })
  await trySample(page, 'audience')
  await page.evaluate(() => document.activeElement.blur())
  await screenshot(page, 'inspector', { fullPage: false })
  await page.context().close()
})

test('by keyboard alone', async () => {
  const page = await open()
  const { url } = host
  const press = async (key, times = 1) => {
    for (let at = 0; at < times; at++) await page.keyboard.press(key)
  }
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.dataset.sample || document.activeElement.textContent)
  const tabTo = async (id) => {
    for (let at = 0; at < 60; at++) {
      if ((await focused()) === id) return
      await press('Tab')
    }
    assert.fail(`no way to ${id} by keyboard`)
  }
  await press('Tab')
  assert.equal(await focused(), 'Skip to the verdict')
  await tabTo('pasted')
  await page.keyboard.insertText(samples['service-account'].text)
  await settle(page)
  assert.equal((await shown(page)).verdict, 'undecided')
  await tabTo('audience')
  await page.keyboard.type(samples['service-account'].audience)
  await tabTo('moment')
  await page.keyboard.type('2025-10-09T08:53:20Z')
  await page.evaluate(() => document.querySelector('#own-keys summary').setAttribute('id', 'own-keys-summary'))
  await tabTo('own-keys-summary')
  await press('Enter')
  await tabTo('keys-text')
  await page.keyboard.insertText(JSON.stringify(keys))
  await settle(page)
  assert.deepEqual((await shown(page)).line, 'Verified, for any caller')
  assert.match(await page.locator('#announce').textContent(), /^Verified/)
  await tabTo('Copy: JSON report')
  await press('Enter')
  await page.waitForSelector('#taken:not([hidden])')
  assert.equal(JSON.parse(await page.locator('#taken').textContent()).verdict, 'verified')
  await tabTo('expired')
  await press('Enter')
  await page.waitForFunction(() => document.querySelector('#verdict').dataset.code === 'token_expired')
  assert.equal(await focused(), 'verdict')
  assert.equal(page.url(), url)
  await page.context().close()
})

test('the verdict follows each expectation', async () => {
  const page = await open()
  await trySample(page, 'service-account')
  const after = async (id, value) => {
    await page.locator(`#${id}`).fill(value)
    await settle(page)
    return (await shown(page)).code
  }
  assert.equal(await after('audience', 'https://elsewhere.example'), 'audience_mismatch')
  await page.locator('#offer-audience button').click()
  await settle(page)
  assert.equal((await shown(page)).line, 'Verified')
  assert.equal(await after('email', 'eve@example.com'), 'email_mismatch')
  await page.locator('#offer-email button').click()
  assert.equal(await after('moment', '2025-10-09T10:00:00Z'), 'token_expired')
  assert.equal(await after('moment', '1759000000'), 'issued_in_future')
  assert.equal(await after('moment', ''), 'token_expired')
  assert.equal(await after('audience', ''), 'token_expired')
  await page.locator('#offer-moment button').click()
  await settle(page)
  assert.equal((await shown(page)).line, 'Genuine, but made for whom?')
  await page.locator('#profile').selectOption('firebase')
  await settle(page)
  assert.match(await page.locator('#profile-wrong').textContent(), /project/)
  await page.context().close()
})

test('a choice among several tokens, and a row lights up with its stretch of the token', async () => {
  const page = await open()
  await trySample(page, 'curl')
  assert.equal((await shown(page)).verdict, 'verified')
  await page.locator('#choice input').nth(1).check()
  await settle(page)
  assert.equal((await shown(page)).code, 'audience_mismatch')
  await page.locator('#decoded .claim', { hasText: 'email_verified' }).hover()
  const lit = await page.locator('#raw .lit').textContent()
  assert.match(Buffer.from(lit, 'base64url').toString('latin1') + Buffer.from(`A${lit}`, 'base64url').toString('latin1') + Buffer.from(`AA${lit}`, 'base64url').toString('latin1') + Buffer.from(`AAA${lit}`, 'base64url').toString('latin1'), /email_verified/)
  await page.context().close()
})

const JWKS = 'https://www.googleapis.com/oauth2/v3/certs'

test('keys are fetched when asked for, and once', async () => {
  let fetched = 0
  const page = await open({
    expected: [/^request: https:\/\/www\.googleapis\.com\/oauth2\/v3\/certs$/],
    before: (_, context) => context.route(JWKS, (route) => {
      fetched++
      return route.fulfill({ json: keys, headers: { 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=20000' } })
    })
  })
  await paste(page, samples['service-account'].text)
  assert.equal((await shown(page)).code, 'keys_unavailable')
  assert.equal(fetched, 0)
  await page.locator('#get-keys').click()
  await page.waitForFunction(() => document.querySelector('#verdict').dataset.code === 'token_expired')
  await page.locator('#moment').fill('2025-10-09T08:53:20Z')
  await page.locator('#audience').fill(samples['service-account'].audience)
  await page.locator('#email').fill(samples['service-account'].email)
  await page.waitForFunction(() => document.querySelector('#verdict').dataset.verdict === 'verified')
  assert.equal(fetched, 1)
  assert.match(await page.locator('#keys-state').textContent(), /^Fetched 0? ?\d* ?s? ?ago/)
  assert.match(await page.locator('#key-used').textContent(), /RS256, 2048 bits.*oauth2\/v3\/certs/)
  await page.context().close()
})

test('keys that cannot be fetched are asked for with a command', async () => {
  const page = await open({
    expected: [/googleapis/, /net::ERR/],
    before: (_, context) => context.route(JWKS, (route) => route.abort())
  })
  await paste(page, samples['service-account'].text)
  await page.locator('#get-keys').click()
  await page.waitForSelector('#own-keys[open]')
  assert.match(await page.locator('#keys-command').textContent(), /^curl -sS https:\/\/www\.googleapis\.com\/oauth2\/v3\/certs/)
  assert.equal((await shown(page)).verdict, 'undecided')
  await page.context().close()
})

test('a dropped file is read: a token, or keys', async () => {
  const page = await open()
  const drop = (text) => page.evaluate((text) => {
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File([text], 'dropped.txt'))
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
  }, text)
  await drop(`Authorization: Bearer ${samples['service-account'].text}\n`)
  await page.waitForSelector('#verdict[data-code=keys_unavailable]')
  await drop(JSON.stringify(keys))
  await page.waitForSelector('#verdict[data-code=token_expired]')
  await page.context().close()
})

test('keys pasted as a token can be used as keys', async () => {
  const page = await open()
  await paste(page, JSON.stringify(keys))
  assert.equal((await shown(page)).verdict, 'rejected')
  await page.locator('#are-keys').click()
  await paste(page, samples['service-account'].text)
  assert.equal((await shown(page)).code, 'token_expired')
  await page.context().close()
})

test('a redacted copy is recognised when it comes back', async () => {
  const page = await open({ permissions: ['clipboard-read', 'clipboard-write'] })
  await trySample(page, 'service-account')
  await page.getByRole('button', { name: 'Copy: Redacted token' }).click()
  await page.waitForSelector('#taken:not([hidden])')
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  assert.ok(!copied.includes(samples['service-account'].text.split('.')[2]))
  await paste(page, copied)
  assert.equal((await shown(page)).code, 'signature_removed')
  await page.context().close()
})

test('works without a network after the first visit', async () => {
  const page = await open({ expected: [/net::ERR_INTERNET_DISCONNECTED/] })
  await page.waitForFunction(() => document.querySelector('#offline').textContent !== '')
  await page.context().setOffline(true)
  await page.reload()
  await page.waitForSelector('body[data-ready]')
  await trySample(page, 'iap')
  assert.equal((await shown(page)).verdict, 'verified')
  await page.context().close()
})

test('first load and time to the verdict', async () => {
  host.sent.length = 0
  // What the service worker fetches again in the background is not waited for.
  const page = await open({ serviceWorkers: 'block', expected: [/Service Worker registration blocked/] })
  const seen = new Map(host.sent.map(({ path, bytes }) => [path, bytes]))
  const sum = (pattern) => [...seen].filter(([path]) => pattern.test(path)).reduce((total, [, bytes]) => total + bytes, 0)
  const total = sum(/./)
  console.log(`first load: ${(total / 1024).toFixed(1)} KiB gzip (${seen.size} files; wasm ${(sum(/wasm$/) / 1024).toFixed(1)}, scripts ${(sum(/js$/) / 1024).toFixed(1)}, the rest ${(sum(/(?<!wasm|js)$/) / 1024).toFixed(1)})`)
  await trySample(page, 'service-account')
  const times = await page.evaluate(async (text) => {
    const [head, body, signature] = text.split('.')
    const field = document.querySelector('#pasted')
    const times = []
    for (let at = 0; at < 40; at++) {
      // Another signature each time, so that nothing remembered helps.
      const letter = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnop'[at]
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 20)))
      document.querySelector('#verdict-line').textContent = ''
      field.value = `${head}.${body}.${letter}${signature.slice(1)}`
      void document.body.offsetHeight
      const begun = performance.now()
      field.dispatchEvent(new Event('input'))
      while (document.querySelector('#verdict-line').textContent === '') await Promise.resolve()
      // The styles and the layout belong to it as well.
      void document.body.offsetHeight
      times.push(performance.now() - begun)
    }
    return times.sort((a, b) => a - b)
  }, samples['service-account'].text)
  console.log(`paste to verdict: median ${times[20].toFixed(1)} ms, 95 % within ${times[37].toFixed(1)} ms; a frame is 16.7 ms`)
  assert.ok(times[20] < 100, 'far more than a frame')
  assert.ok(total <= 150 * 1024, `${total} bytes are over the budget of 150 KiB`)
  await page.context().close()
})
