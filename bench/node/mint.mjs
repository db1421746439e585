// Times minting, from the start of the process to its end, against the emulator: the command line beside
// Google's library for Python. Usage: node mint.mjs BINARY PYTHON OUTPUT.json

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const [binary, python, output] = process.argv.slice(2)
const rounds = 31
const audience = 'https://hello-abc123-uc.a.run.app'
const group = 'minting, the whole process'

const scratch = mkdtempSync(join(tmpdir(), 'callerid-bench-'))
const emulator = spawn(binary, ['emulate', '--write-credentials', scratch], { stdio: ['ignore', 'pipe', 'inherit'] })
try {
  const [line] = await once(createInterface({ input: emulator.stdout }), 'line')
  const { metadata_host: metadata, credentials } = JSON.parse(line)
  const env = { PATH: process.env.PATH, HOME: scratch, XDG_CACHE_HOME: join(scratch, 'cache'), GCE_METADATA_HOST: metadata }
  const mint = [binary, 'mint', '--audience', audience]
  const script = fileURLToPath(new URL('mint.py', import.meta.url))
  const commands = {
    'callerid, kept on disk': [...mint, '--credentials', credentials.service_account],
    'callerid, metadata server': [...mint, '--metadata', '--no-cache'],
    'callerid, key file': [...mint, '--no-cache', '--credentials', credentials.service_account],
    'google-auth (Python), key file': [python, script, credentials.service_account, audience]
  }
  const times = Object.values(commands).map(() => [])
  // The first round fills caches; all run in turns.
  for (let round = 0; round <= rounds; round++) {
    for (const [at, [program, ...flags]] of Object.values(commands).entries()) {
      const start = process.hrtime.bigint()
      const { status, stderr, error } = spawnSync(program, flags, { env })
      if (status !== 0) throw error ?? new Error(`${program} ended with ${status}: ${stderr}`)
      if (round > 0) times[at].push(Number(process.hrtime.bigint() - start) / 1000)
    }
  }
  const rows = Object.keys(commands).map((name, at) => {
    const sorted = times[at].sort((a, b) => a - b)
    return { group, name, microseconds: sorted[rounds >> 1], best: sorted[0] }
  })
  writeFileSync(output, JSON.stringify(rows))
} finally {
  emulator.kill()
  rmSync(scratch, { recursive: true, force: true })
}
