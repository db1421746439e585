// A load on a Cloud Function over HTTP: the function of examples/cloud-function, and beside it the same one
// written on google-auth-library. Counts wrong verdicts, of which there may be none.
// Usage: node load.mjs [RATE [SECONDS]]

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { send } from './load/client.mjs'
import { AUDIENCE, CALLER, kinds, makeRequests } from './load/requests.mjs'
import { startFunction } from './load/server.mjs'

const [rate = 1000, seconds = 30] = process.argv.slice(2).map(Number)
const warmUp = 5
const folder = mkdtempSync(join(tmpdir(), 'callerid-load-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

const at = (path) => fileURLToPath(new URL(path, import.meta.url))
const FUNCTIONS = {
  callerid: at('../../examples/cloud-function/index.js'),
  'google-auth-library': at('load/google-auth-library.js')
}
/** How often a token comes again: that of a service account is used for an hour, that of a user perhaps once. */
const MIXES = { 'a thousand tokens, again and again': 1000, 'every token new': rate * (seconds + warmUp) }

const MEBIBYTE = 1 << 20
const shown = (milliseconds) => `${milliseconds.toFixed(1)} ms`
let wrongVerdicts = 0

async function measure(name, { requests, certs, keysUrl }) {
  const certsFile = join(folder, 'certs.json')
  writeFileSync(certsFile, JSON.stringify(certs))
  const server = await startFunction(FUNCTIONS[name], { AUDIENCE, ALLOWED_CALLERS: CALLER, KEYS_URL: keysUrl, CERTS_FILE: certsFile })
  const warm = await send({ port: server.port, requests, rate, seconds: warmUp })
  const before = await server.used()
  const result = await send({ port: server.port, requests, rate, seconds, first: warm.total })
  const after = await server.used()
  await server.stop()
  const wrong = [...warm.wrong, ...result.wrong]
  const used = after.cpu - before.cpu
  wrongVerdicts += wrong.length
  console.log(`  ${name}`)
  console.log(`    ${result.total} requests in ${result.elapsed.toFixed(1)} s, wrong verdicts: ${wrong.length}`, ...wrong.slice(0, 3))
  console.log(`    latency: median ${shown(result.p50)}, 90 % ${shown(result.p90)}, 99 % ${shown(result.p99)}, 99.9 % ${shown(result.p999)}, longest ${shown(result.max)}`)
  console.log(`    processor: ${((used * 1e6) / result.total).toFixed(0)} µs per request, ${used.toFixed(1)} s in all`)
  console.log(`    memory: ${(before.rss / MEBIBYTE).toFixed(0)} MiB after ${warmUp} s, ${(after.rss / MEBIBYTE).toFixed(0)} MiB at the end`)
}

console.log(`${cpus()[0].model.trim()}, ${cpus().length} cores · Node ${process.version} · ${rate} requests per second for ${seconds} s`)
console.log(`Tokens: ${kinds.map(({ kind, share }) => `${share} % ${kind}`).join(', ')}.`)
for (const [mix, count] of Object.entries(MIXES)) {
  const { requests, keySet, certs } = makeRequests(count)
  const endpoint = createServer((_, response) => {
    response.setHeader('cache-control', 'public, max-age=3600')
    response.end(JSON.stringify(keySet))
  })
  await new Promise((resolve) => endpoint.listen(0, '127.0.0.1', resolve))
  const keysUrl = `http://127.0.0.1:${endpoint.address().port}/certs`
  console.log(`\n${mix}`)
  for (const name of Object.keys(FUNCTIONS)) await measure(name, { requests, certs, keysUrl })
  endpoint.close()
}
process.exitCode = wrongVerdicts === 0 ? 0 : 1
