// Times `callerid verify --lines` on all cores and on one. Usage: node lines.mjs BINARY TOKENS.txt
// KEYS.json OUTPUT.json

import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'

const [binary, tokenFile, keyFile, output] = process.argv.slice(2)
const count = 100_000
const tokens = readFileSync(tokenFile, 'utf8').trim().split('\n')
const input = Array.from({ length: count }, (_, at) => tokens[at % tokens.length]).join('\n')
const options = ['--lines', '--audience', 'https://hello-abc123-uc.a.run.app', '--keys', keyFile]

function tokensPerSecond(command, ...before) {
  const rates = [1, 2, 3].map(() => {
    const start = process.hrtime.bigint()
    const { status, error } = spawnSync(command, [...before, 'verify', ...options], {
      input,
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    if (error !== undefined || status !== 0) throw error ?? new Error(`${command} ended with ${status}`)
    return count / (Number(process.hrtime.bigint() - start) / 1e9)
  })
  return rates.sort((a, b) => a - b)[1]
}

const all_cores = tokensPerSecond(binary)
// Elsewhere than on Linux there is no such command; then there is only one figure.
const one_core = process.platform === 'linux' ? tokensPerSecond('taskset', '-c', '0', binary) : all_cores
writeFileSync(output, JSON.stringify({ all_cores, one_core }))
