// The packed tarball in fresh projects: module systems, compilers, bundlers and runtimes.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { gzipSync } from 'node:zlib'

import { findChromium } from './support/chromium.js'
import { expected } from './support/everywhere.js'
import { AUDIENCE, EMAIL, claims, keySet, makeKey, mint, serve } from './support/google.js'
import { here, packed, program, project, root, run } from './support/package.js'

const key = makeKey('k1')
const iapKey = makeKey('i1', 'ec')
const keys = keySet(key)
const now = Math.floor(Date.now() / 1000)
const everywhere = readFileSync(join(here, 'support/everywhere.js'), 'utf8')

/** What every platform is given, with an endpoint that browsers may ask, too. */
async function data(t) {
  const origin = await serve(t, (_, response) => {
    response.setHeader('access-control-allow-origin', '*').end(JSON.stringify(keys))
  })
  return {
    audience: AUDIENCE,
    email: EMAIL,
    keys,
    keysUrl: `${origin}/certs`,
    good: mint(key),
    bad: mint(key, claims({ iat: 0, exp: 1 })),
    iap: mint(iapKey, claims({ iss: 'https://cloud.google.com/iap', aud: '/projects/1/apps/p', email: 'ann@example.com', iat: now, exp: now + 600 })),
    iapKeys: keySet(iapKey)
  }
}

const check = (stdout) => assert.deepEqual(JSON.parse(stdout), expected(EMAIL, AUDIENCE))

const script = async (t) => `
import * as callerid from 'callerid'
import { useEverywhere } from './everywhere.js'
console.log(JSON.stringify(await useEverywhere(callerid, ${JSON.stringify(await data(t))})))`

test('Node, import', async (t) => {
  const folder = await project(t, { 'everywhere.js': everywhere, 'main.js': await script(t) })
  check((await run(process.execPath, ['main.js'], { cwd: folder })).stdout)
})

test('Node, require, and both at once', async (t) => {
  const common = everywhere.replaceAll('export ', '') + `
    const callerid = require('callerid')
    import('callerid').then((module) => {
      if (module.CallerIdError !== callerid.CallerIdError) throw new Error('there are two of everything')
      return useEverywhere(callerid, ${JSON.stringify(await data(t))})
    }).then((outcome) => console.log(JSON.stringify(outcome)))`
  const folder = await project(t, { 'main.cjs': common }, { type: 'commonjs' })
  check((await run(process.execPath, ['main.cjs'], { cwd: folder })).stdout)
})

test('what a bundler leaves of it says what to do', async (t) => {
  const { 'index.js': entry, 'index.cjs': common } = Object.fromEntries(['index.js', 'index.cjs'].map((name) => [name, readFileSync(join(root, 'pkg', name), 'utf8')]))
  const folder = await project(t, { 'bundle.js': entry, 'bundle.cjs': common.replaceAll('./dist/', 'callerid/dist/') }, { type: 'module' })
  const failure = (code) => run(process.execPath, ['--input-type=module', '-e', code], { cwd: folder }).then(() => assert.fail('it was loaded'), ({ stderr }) => stderr)
  assert.match(await failure("import './bundle.js'"), /leave callerid out of the bundle/)
  writeFileSync(join(folder, 'node_modules/callerid/package.json'), '{}')
  assert.match(await failure("import callerid from './bundle.cjs'; callerid.createVerifier({ audience: 'a', anyCaller: true })"), /leave callerid out of the bundle/)
})

test('Deno', async (t) => {
  const folder = await project(t, { 'everywhere.js': everywhere, 'main.js': await script(t) })
  const { stdout } = await run(program('deno'), ['run', '--no-remote', '--node-modules-dir=manual', '--allow-read', '--allow-net=127.0.0.1', 'main.js'], { cwd: folder })
  check(stdout)
})

test('Bun', async (t) => {
  const folder = await project(t, { 'everywhere.js': everywhere, 'main.js': await script(t) })
  check((await run(program('bun'), ['run', 'main.js'], { cwd: folder })).stdout)
})

test('workerd', async (t) => {
  const folder = await project(t, { 'everywhere.js': everywhere })
  const installed = 'node_modules/callerid'
  const { exports } = JSON.parse(readFileSync(join(folder, installed, 'package.json'), 'utf8'))
  const entry = `${installed}/${exports['.'].workerd.default.slice(2)}`
  writeFileSync(join(folder, 'main.js'), `
    import * as callerid from './${entry}'
    import { useEverywhere } from './everywhere.js'
    const data = ${JSON.stringify(await data(t))}
    export default { fetch: async () => Response.json(await useEverywhere(callerid, data)) }`)
  const files = ['main.js', 'everywhere.js', entry, `${installed}/dist/glue.js`, `${installed}/dist/verifying.js`, ...readdirSync(join(folder, installed, 'lib')).map((name) => `${installed}/lib/${name}`)]
  const modules = files.map((name) => `(name = "${name}", esModule = embed "${name}")`)
  for (const name of ['callerid', 'verifying']) modules.push(`(name = "${installed}/dist/${name}.wasm", wasm = embed "${installed}/dist/${name}.wasm")`)
  writeFileSync(join(folder, 'config.capnp'), `
    using Workerd = import "/workerd/workerd.capnp";
    const config :Workerd.Config = (
      services = [(name = "main", worker = .worker), (name = "internet", network = (allow = ["private"]))],
      sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")]
    );
    const worker :Workerd.Worker = (modules = [${modules.join(', ')}], compatibilityDate = "2026-01-01");`)
  const workerd = spawn(program('workerd'), ['serve', 'config.capnp', '--control-fd=3'], { cwd: folder, stdio: ['ignore', 'inherit', 'inherit', 'pipe'] })
  t.after(() => workerd.kill())
  const [line] = await once(workerd.stdio[3], 'data')
  const { port } = JSON.parse(String(line).split('\n')[0])
  check(await (await fetch(`http://127.0.0.1:${port}/`)).text())
})

test('Vite and Chromium', async (t) => {
  const { chromium } = await import('playwright-core')
  const page = `<!doctype html><title>test</title><script type="module" src="/main.js"></script>`
  const main = (await script(t)).replace('console.log(', 'globalThis.outcome = (')
  const folder = await project(t, { 'everywhere.js': everywhere, 'main.js': main, 'index.html': page })
  await run(process.execPath, [join(here, 'node_modules/vite/bin/vite.js'), 'build', '--target', 'es2022'], { cwd: folder })
  const types = { html: 'text/html', js: 'text/javascript', wasm: 'application/wasm' }
  const origin = await serve(t, (request, response) => {
    const path = join(folder, 'dist', request.url === '/' ? 'index.html' : request.url)
    try {
      response.setHeader('content-type', types[path.split('.').at(-1)] ?? 'text/plain').end(readFileSync(path))
    } catch {
      response.writeHead(404).end()
    }
  })
  const browser = await chromium.launch({ executablePath: findChromium(), args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })
  t.after(() => browser.close())
  const tab = await browser.newPage()
  tab.on('pageerror', (error) => console.error(error))
  await tab.goto(origin)
  await tab.waitForFunction(() => globalThis.outcome !== undefined)
  check(await tab.evaluate(() => globalThis.outcome))
})

for (const moduleResolution of ['node16', 'nodenext', 'bundler']) {
  test(`TypeScript, ${moduleResolution}: what is right compiles, and what is wrong does not`, async (t) => {
    const files = Object.fromEntries(['must-compile.ts', 'must-not-compile.ts'].map((name) => [name, readFileSync(join(root, 'tests/types', name), 'utf8')]))
    if (moduleResolution !== 'bundler') files['common.cts'] = files['must-compile.ts']
    const module = { node16: 'node16', nodenext: 'nodenext', bundler: 'esnext' }[moduleResolution]
    files['tsconfig.json'] = JSON.stringify({ compilerOptions: { module, moduleResolution, target: 'es2022', strict: true, exactOptionalPropertyTypes: true, noEmit: true, skipLibCheck: false, types: ['node'] } })
    const linked = ['@types/node', '@types/express', 'undici-types']
    const folder = await project(t, files, { linked })
    await run(process.execPath, [join(here, 'node_modules/typescript/bin/tsc'), '-p', '.', '--preserveSymlinks', 'false'], { cwd: folder }).catch((error) => assert.fail(error.stdout))
  })
}

test('the types name every error code of the core, and no other', async () => {
  const { errorCodes } = await import('../../pkg/index.js')
  const text = readFileSync(join(root, 'pkg/index.d.ts'), 'utf8')
  const [, union] = /export type ErrorCode =\n([^]*?)\n\n/.exec(text)
  assert.deepEqual(union.match(/\w+/g), Object.keys(errorCodes()))
})

test('the README describes every error code of the core, and every option', async () => {
  const { createVerifier, errorCodes } = await import('../../pkg/index.js')
  const text = readFileSync(join(root, 'pkg/README.md'), 'utf8')
  const rows = Object.entries(errorCodes()).map(([code, { status, message }]) => `| \`${code}\` | ${status} | ${message} |`)
  assert.ok(text.includes(rows.join('\n')))
  const options = /## Options\n([^]*?)\n## /.exec(text)[1].match(/^\| `\w+`/gm).map((cell) => cell.slice(3, -1))
  assert.throws(() => createVerifier({ zebra: 1 }), ({ message }) => {
    assert.deepEqual(options.sort(), message.split('they are ')[1].split(', ').sort())
    return true
  })
})

test('publint and attw find nothing', async () => {
  const tarball = await packed()
  const { publint } = await import('publint')
  const { messages } = await publint({ pkgDir: join(root, 'pkg'), strict: true })
  assert.deepEqual(messages, [])
  // In its JSON the command always succeeds.
  const attw = await run(program('attw'), ['--format', 'table', '--no-color', '--exclude-entrypoints', 'callerid.wasm', '--', tarball]).catch((error) => assert.fail(error.stdout))
  assert.match(attw.stdout, /No problems found/)
})

test('the tarball holds what is needed, and no dependency', async (t) => {
  const folder = await project(t, {})
  const installed = join(folder, 'node_modules/callerid')
  assert.deepEqual(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.')), ['callerid'])
  const names = readdirSync(installed, { recursive: true }).filter((name) => statSync(join(installed, name)).isFile())
  for (const name of ['LICENSE-APACHE', 'LICENSE-MIT', 'README.md', 'dist/callerid.wasm', 'dist/verifying.wasm', 'dist/index.d.cts', 'index.d.ts']) assert.ok(names.includes(name), name)
  const modules = ['callerid', 'verifying'].map((name) => readFileSync(join(installed, `dist/${name}.wasm`)))
  for (const wasm of modules) {
    const [features] = WebAssembly.Module.customSections(new WebAssembly.Module(wasm), 'target_features')
    assert.match(Buffer.from(features).toString('latin1'), /\+.simd128/, 'RSA was not compiled for vectors')
    assert.ok(!wasm.includes(homedir()), 'a folder of this machine is named in the module')
  }
  console.log(modules.map((wasm) => `${wasm.length} bytes, ${gzipSync(wasm, { level: 9 }).length} compressed`).join('; '))
})
