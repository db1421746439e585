// One browser and one host for a test file, and the watch over both: no console error, no violation of
// the content security policy, no request to any other host.

import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { findChromium } from '../node/support/chromium.js'
import { serve } from './server.mjs'

const FLAGS = ['--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync']

export const host = await serve()
const isRoot = process.getuid?.() === 0
const browser = await chromium.launch({ executablePath: findChromium(), args: isRoot ? ['--no-sandbox', ...FLAGS] : FLAGS })
const troubles = []

after(async () => {
  await browser.close()
  await host.close()
  assert.deepEqual(troubles, [], 'the page must stay silent, at home, and within its policy')
})

/** Opens the page in a context of its own and waits until it can judge. */
export async function open({ width = 1280, height = 900, scheme = 'light', axe = false, at = host.url, before, expected = [], ...options } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, locale: 'en-GB', timezoneId: 'UTC', reducedMotion: 'reduce', ...options })
  const page = await context.newPage()
  const trouble = (text) => {
    if (!expected.some((pattern) => pattern.test(text))) troubles.push(text)
  }
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) trouble(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => trouble(`exception: ${error.stack}`))
  context.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(at) && !url.startsWith('data:') && !url.startsWith('blob:')) trouble(`request: ${url}`)
  })
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`))
  })
  if (axe) await page.addInitScript(AXE)
  await before?.(page, context)
  await page.goto(at)
  await page.waitForSelector('body[data-ready]')
  return page
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Panels out of sight are not laid out before they come into sight, unless told to. */
function layOut(page, visibility) {
  return page.evaluate((visibility) => {
    for (const panel of document.querySelectorAll('.panel')) panel.style.contentVisibility = visibility
  }, visibility)
}

/** Of a page that was opened with `axe`: that nothing in it shuts anybody out, and that it fits the window. */
export async function assertAccessible(page, name) {
  await layOut(page, 'visible')
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  assert.ok(overflow <= 0, `${name}: ${overflow} px wider than the window`)
  const found = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary}`).join(' | ')}`)
  })
  await layOut(page, '')
  assert.deepEqual(found, [], name)
}

/** Puts a text into the field as a paste would, and waits for the verdict. */
export async function paste(page, text) {
  await page.locator('#pasted').fill(text)
  await settle(page)
}

/** Waits until the answer to the last edit stands there. */
export function settle(page) {
  return page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 30))))
}

export async function trySample(page, name) {
  await page.locator(`[data-sample="${name}"]`).click()
  await page.waitForSelector('#verdict[data-verdict]')
  await settle(page)
}

/** What the page shows of the report. */
export function shown(page) {
  return page.evaluate(() => ({
    verdict: document.querySelector('#verdict').dataset.verdict,
    code: document.querySelector('#verdict').dataset.code || null,
    line: document.querySelector('#verdict-line').textContent,
    checks: [...document.querySelectorAll('#checks li')].map((row) => ({
      check: row.dataset.check,
      status: row.dataset.status,
      message: row.querySelector('.what > p').textContent
    }))
  }))
}

const SCREENSHOTS = fileURLToPath(new URL('../../target/screenshots/', import.meta.url))

export async function screenshot(page, name, options = { fullPage: true }, what = page) {
  mkdirSync(SCREENSHOTS, { recursive: true })
  await layOut(page, 'visible')
  await what.screenshot({ path: `${SCREENSHOTS}${name}.png`, ...options })
  await layOut(page, '')
}
