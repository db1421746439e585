// The clients: programs of their own, in an environment of their own, as they run in production.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { after } from 'node:test'

import { ACCOUNT, CALLERID, PATIENCE, TARGET, USER } from './emulator.mjs'

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'programs')
const node = (name) => [process.execPath, join(folder, name)]
const python = (name) => [process.env.PYTHON, join(folder, name)]
const PROGRAMS = {
  callerid: [CALLERID],
  'callerid (npm)': node('callerid.mjs'),
  'gcp-metadata': node('gcp-metadata.mjs'),
  'google-auth': python('google_auth.py'),
  'google-auth-library': node('google-auth-library.mjs'),
  jose: node('jose.mjs'),
  PyJWT: python('pyjwt.py')
}

/** Whose tokens a source gives. */
export const emailOf = (source) => ({ 'key file': ACCOUNT, metadata: ACCOUNT, user: USER })[source] ?? TARGET

const noMetadata = { METADATA_SERVER_DETECTION: 'none', NO_GCE_CHECK: 'true' }
const file = (path) => ({ ...noMetadata, GOOGLE_APPLICATION_CREDENTIALS: path })
const SOURCES = {
  'key file': ({ credentials }) => file(credentials.service_account),
  metadata: ({ metadata_host }) => ({ GCE_METADATA_HOST: metadata_host, GCE_METADATA_IP: metadata_host }),
  impersonation: ({ credentials }) => file(credentials.impersonated_service_account),
  user: ({ credentials }) => file(credentials.authorized_user),
  'external account': ({ credentials }) => file(credentials.external_account),
  nothing: () => noMetadata
}

/** What a client finds around it: credentials from this source, and no way past the emulator's proxy. */
export function environment(google, source = 'nothing') {
  const ca = google.proxy.ca
  return {
    PATH: process.env.PATH,
    ...(process.env.SystemRoot && { SystemRoot: process.env.SystemRoot }),
    HOME: google.folder,
    CALLERID_CACHE_DIR: join(google.folder, 'cache'),
    HTTPS_PROXY: google.proxy.url,
    NO_PROXY: '127.0.0.1,localhost',
    NODE_EXTRA_CA_CERTS: ca,
    REQUESTS_CA_BUNDLE: ca,
    SSL_CERT_FILE: ca,
    ...SOURCES[source](google)
  }
}

/** Nothing outlives the tests, however they end. */
const running = new Set()
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')))

function start(program, args, env, options) {
  const [command, ...before] = PROGRAMS[program]
  const child = spawn(command, [...before, ...args], { env, ...options })
  const printed = { out: '', err: '' }
  child.stderr.on('data', (chunk) => (printed.err += chunk))
  child.stdin.on('error', () => {}) // It may end without having read.
  running.add(child)
  child.on('exit', () => running.delete(child))
  return { child, printed }
}

/** Runs a program to its end: its exit status, and what it printed. */
export async function run(program, args, env, input = '') {
  const { child, printed } = start(program, args, env, { timeout: PATIENCE, killSignal: 'SIGKILL' })
  child.stdout.on('data', (chunk) => (printed.out += chunk))
  child.stdin.end(input)
  const [status] = await once(child, 'close')
  return { status, ...printed }
}

/** Runs a program whose answer is JSON; anything but success is an error. */
export async function answer(program, args, env, input) {
  const { status, out, err } = await run(program, args, env, input)
  if (status !== 0) throw new Error(`${program} ${args[0]} ended with ${status}: ${(err || out).trim()}`)
  return JSON.parse(out)
}

/** Starts a program that answers line by line: `ask` sends one and gives the answer, `next` awaits one. */
export function converse(program, args, env) {
  const { child, printed } = start(program, args, env)
  after(() => child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => {
    const { value, done } = await lines.next()
    if (done) throw new Error(`${program} ended: ${printed.err}`)
    return JSON.parse(value)
  }
  const ask = async (line) => {
    child.stdin.write(`${line}\n`)
    return next()
  }
  return { ask, next }
}
