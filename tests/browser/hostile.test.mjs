// Whatever a token says, the page shows it as text, and shows what in it would deceive.

import assert from 'node:assert/strict'
import test from 'node:test'
import { open, paste, screenshot } from './support.mjs'

const part = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const token = (claims) => `${part({ alg: 'RS256', kid: 'k', typ: 'JWT' })}.${part(claims)}.${'A'.repeat(342)}`

const MARKUP = [
  '<img src=x onerror="window.hurt = 1">',
  '<script>window.hurt = 1</script>',
  '"><svg/onload=window.hurt=1>',
  '</textarea><iframe srcdoc="<script>parent.hurt=1</script>">',
  "javascript:window.hurt=1",
  '{{constructor.constructor("window.hurt=1")()}}',
  '<style>*{display:none}</style>',
  '<base href=https://evil.example/>'
]

test('markup in every claim is text', async () => {
  const page = await open()
  for (const markup of MARKUP) {
    const names = ['iss', 'aud', 'sub', 'email', 'hd', 'azp', 'name', 'picture', 'nonce', markup, '__proto__', 'constructor', 'toString']
    const claims = `{${names.map((name) => `${JSON.stringify(name)}:${JSON.stringify(markup)}`).join(',')},"iat":1760000000,"exp":1760003600}`
    await paste(page, token(claims))
    const state = await page.evaluate(() => ({
      hurt: window.hurt,
      foreign: document.querySelectorAll('main img, main script, main iframe, main style, main base, main object, main [onerror], main [onload], main a[href^="javascript"]').length,
      text: document.querySelector('#decoded').textContent
    }))
    assert.equal(state.hurt, undefined)
    assert.equal(state.foreign, 0)
    assert.equal(state.text.split(markup).length - 1 >= names.length, true, `shown as it is: ${markup}`)
    await page.locator('#take button').nth(3).click()
  }
  // And as a token that is none.
  for (const markup of MARKUP) await paste(page, markup)
  assert.equal(await page.evaluate(() => window.hurt), undefined)
  await page.context().close()
})

test('what hides or reorders is spelled out', async () => {
  const page = await open()
  const claims = {
    iss: 'https://accounts.google.com\u200b',
    sub: 'user\u202Egnp.exe',
    name: 'a\u0000b\u001b[31mc\u0085d\u2066e\u{e0041}f\ufeffg\u00adh',
    email: 'ann@ex\u0430mple.com',
    zalgo: `x${'\u0301'.repeat(50)}`,
    iat: 1760000000,
    exp: 1760003600
  }
  await paste(page, token(claims))
  const decoded = await page.locator('#decoded').evaluate((element) => element.textContent)
  for (const escape of ['\\u{200b}', '\\u{202e}', '\\u{0}', '\\u{1b}', '\\u{85}', '\\u{2066}', '\\u{e0041}', '\\u{feff}', '\\u{ad}', '\\u{301}']) {
    assert.ok(decoded.includes(escape), escape)
  }
  const whole = await page.evaluate(() => document.body.innerText)
  assert.doesNotMatch(whole, /[\0-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/)
  const marks = await page.locator('#decoded .foreign').allTextContents()
  assert.deepEqual(marks, ['\u0430'])
  const warnings = await page.locator('#decoded .foreign-note').allTextContents()
  assert.match(warnings.join(), /U\+200B.*U\+202E.*U\+0430/)
  await screenshot(page, 'hostile')
  await page.context().close()
})

test('a megabyte neither hangs nor floods the page', async () => {
  const page = await open()
  const texts = [
    token({ iss: 'https://accounts.google.com', sub: 'x'.repeat(700_000), iat: 1, exp: 2 }),
    'A'.repeat(1_000_000),
    `${'a.'.repeat(400_000)}`,
    token(`{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`),
    token(Object.fromEntries(Array.from({ length: 900 }, (_, at) => [`c${at}`, at]))),
    `${'eyJhbGciOiJSUzI1NiJ9.e30.AAAA '.replace('e30', part('{"i":1}'))}`.repeat(2000),
    Array.from({ length: 300 }, (_, at) => token({ jti: String(at) })).join('\n')
  ]
  for (const text of texts) {
    await paste(page, text)
    const { nodes, characters } = await page.evaluate(() => ({ nodes: document.querySelectorAll('*').length, characters: document.querySelector('main').innerText.length }))
    assert.ok(nodes < 6000, `${nodes} elements`)
    assert.ok(characters < 80_000, `${characters} characters`)
  }
  await page.context().close()
})

test('big integers keep their digits', async () => {
  const page = await open()
  await paste(page, token('{"sub":112181712771201972891,"n":9007199254740993,"iat":1760000000}'))
  const text = await page.locator('#decoded').textContent()
  assert.ok(text.includes('112181712771201972891') && text.includes('9007199254740993'))
  await page.context().close()
})

test('nothing of a token is kept or put into the address', async () => {
  const page = await open()
  await paste(page, token({ iss: 'https://accounts.google.com', sub: 'secret-subject', iat: 1, exp: 2 }))
  const kept = await page.evaluate(async () => ({
    address: location.href,
    local: localStorage.length + sessionStorage.length,
    cookies: document.cookie,
    databases: (await indexedDB.databases()).length,
    state: history.state
  }))
  assert.doesNotMatch(kept.address, /[?#]/)
  assert.deepEqual({ ...kept, address: '' }, { address: '', local: 0, cookies: '', databases: 0, state: null })
  await page.reload()
  await page.waitForSelector('body[data-ready]')
  assert.equal(await page.locator('#pasted').inputValue(), '')
  await page.context().close()
})
