// Times verification in Node on one thread, callerid beside its peers, over the tokens that the native
// benchmark has written. Usage: node bench.mjs RS256.txt ES256.txt KEYS.json OUTPUT.json

import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

import { contenders } from './contenders.mjs'

const [rs256File, es256File, keyFile, output] = process.argv.slice(2)
const [rs256, es256] = [rs256File, es256File].map((file) => readFileSync(file, 'utf8').split('\n'))
const keySet = readFileSync(keyFile, 'utf8')
const rounds = 9
const starts = 31

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1]
const row = (group, name, times) => ({ group, name, microseconds: median(times), best: times[0] })

async function microsecondsPerToken({ group, accepts, isAsync, at_once = 1 }) {
  const tokens = group.startsWith('ES256') ? es256 : rs256
  const start = process.hrtime.bigint()
  if (!isAsync) for (const token of tokens) accepts(token)
  else if (at_once === 1) for (const token of tokens) await accepts(token)
  else
    for (let at = 0; at < tokens.length; at += at_once)
      await Promise.all(tokens.slice(at, at + at_once).map(accepts))
  return Number(process.hrtime.bigint() - start) / 1000 / tokens.length
}

/** Rounds are run in turns, so that whatever else the machine does disturbs all alike. */
async function timeAll() {
  const all = contenders(keySet, rs256.length)
  const times = all.map(() => [])
  for (const contender of all) await microsecondsPerToken(contender) // compiled, and caches filled
  for (let round = 0; round < rounds; round++)
    for (const [at, contender] of all.entries()) times[at].push(await microsecondsPerToken(contender))
  return all.map(({ group, name }, at) => row(group, name, times[at]))
}

/** From the start of the process to its first verified token, in microseconds. */
function timeColdStarts() {
  const folder = new URL('./cold/', import.meta.url)
  const scripts = readdirSync(folder).sort()
  const times = scripts.map(() => [])
  for (let start = 0; start < starts; start++)
    for (const [at, script] of scripts.entries()) {
      const before = process.hrtime.bigint()
      const { status, stderr } = spawnSync(process.execPath, [fileURLToPath(new URL(script, folder)), rs256File, keyFile])
      if (status !== 0) throw new Error(`${script}: ${stderr}`)
      times[at].push(Number(process.hrtime.bigint() - before) / 1000)
    }
  return scripts.map((script, at) => row('cold start, process to first verified token', script.replace('.mjs', ''), times[at]))
}

function sizes() {
  const whole = new URL(import.meta.resolve('callerid/callerid.wasm'))
  return ['verifying.wasm', 'callerid.wasm'].map((name) => {
    const wasm = readFileSync(new URL(name, whole))
    return { name, bytes: wasm.length, gzip_bytes: gzipSync(wasm, { level: 9 }).length }
  })
}

const rows = [...(await timeAll()), ...timeColdStarts()]
writeFileSync(output, JSON.stringify({ node: process.version, rows, modules: sizes() }, null, 2))
