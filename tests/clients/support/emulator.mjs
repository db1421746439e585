// The local Google: `callerid emulate`, started on free ports and stopped when the tests of a file are over.

import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after } from 'node:test'

export const CALLERID = process.env.CALLERID
export const AUDIENCE = 'https://hello-abc123-uc.a.run.app'
/** The account that has a key file and is attached to the metadata server. */
export const ACCOUNT = 'robot@project-1.iam.gserviceaccount.com'
/** The account that others may act as. */
export const TARGET = 'target@project-1.iam.gserviceaccount.com'
/** Who has logged in. */
export const USER = 'ann@example.com'
/** The grant by which it may act as itself. */
export const ITSELF = { member: `serviceAccount:${TARGET}`, target: TARGET }
const PROJECT = 'project-1'
/** Milliseconds after which something hangs. */
export const PATIENCE = 60_000

/** Starts an emulator; gives what its ready line says, a folder for this file's own use, and `control`. */
export async function emulate(...flags) {
  const folder = mkdtempSync(join(tmpdir(), 'callerid-clients-'))
  const fixed = ['emulate', '--listen', '127.0.0.1:0', '--project', PROJECT, '--service-account', ACCOUNT, '--service-account', TARGET, '--write-credentials', join(folder, 'credentials')]
  const child = spawn(CALLERID, [...fixed, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] })
  const stop = () => child.kill('SIGKILL')
  process.on('exit', stop)
  after(() => {
    stop()
    rmSync(folder, { recursive: true, force: true })
  })
  let complaints = ''
  child.stderr.on('data', (chunk) => (complaints += chunk))
  const ready = await new Promise((resolve, reject) => {
    const hanging = setTimeout(() => reject(new Error(`no ready line: ${complaints}`)), PATIENCE)
    child.on('exit', (status) => reject(new Error(`callerid emulate ended with ${status}: ${complaints}`)))
    child.on('error', reject)
    createInterface({ input: child.stdout }).once('line', (line) => {
      clearTimeout(hanging)
      resolve(JSON.parse(line))
    })
  })
  return { ...ready, folder, control: (path, body) => control(ready.control, path, body) }
}

async function control(url, path, body = {}) {
  const answer = await fetch(`${url}/${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`)
  return text && JSON.parse(text)
}
