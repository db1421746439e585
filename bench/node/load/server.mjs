// A function behind the Functions Framework, in a process of its own that can be asked what it has used.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const at = (path) => fileURLToPath(new URL(path, import.meta.url))

/** Starts the function of this file; gives its port, `used()` and `stop()`. */
export async function startFunction(file, variables) {
  const folder = mkdtempSync(join(tmpdir(), 'callerid-load-'))
  copyFileSync(file, join(folder, 'index.js'))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  symlinkSync(at('../node_modules'), join(folder, 'node_modules'), 'junction')
  const port = await freePort()
  const framework = at('../node_modules/@google-cloud/functions-framework/build/src/main.js')
  const child = spawn(process.execPath, ['--import', new URL('meter.mjs', import.meta.url).href, framework, '--target=greet'], {
    cwd: folder,
    env: { PATH: process.env.PATH, NODE_ENV: 'production', PORT: String(port), ...variables },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc']
  })
  process.on('exit', () => child.kill('SIGKILL'))
  await answering(port, child)
  return {
    port,
    async used() {
      child.send('used?')
      return (await once(child, 'message'))[0]
    },
    async stop() {
      child.kill('SIGKILL')
      await once(child, 'exit')
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

async function answering(port, child) {
  for (let attempt = 0; attempt < 600 && child.exitCode === null; attempt++) {
    const answered = await fetch(`http://127.0.0.1:${port}/`).then(() => true, () => false)
    if (answered) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('the function did not start')
}
