// The packed package, installed into projects of its own.

import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export const run = promisify(execFile)
export const here = dirname(dirname(fileURLToPath(import.meta.url)))
export const root = dirname(dirname(here))

/** `npm pack`, once per process; the path of the tarball. */
export const packed = (() => {
  let tarball
  return () => (tarball ??= pack())
})()

async function pack() {
  const folder = mkdtempSync(join(tmpdir(), 'callerid-pack-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: join(root, 'pkg') })
  return join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')))
}

/**
 * A fresh project with these files and the packed package, which npm installs as it would from the registry.
 * `linked` names packages of this folder that the project uses beside it.
 */
export async function project(t, files, { linked = [], type = 'module' } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'callerid-project-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type }))
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--silent', await packed()], { cwd: folder })
  for (const name of linked) {
    const path = join(folder, 'node_modules', name)
    mkdirSync(dirname(path), { recursive: true })
    symlinkSync(join(here, 'node_modules', name), path)
  }
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

/** Copies a folder of the repository into a project. */
export function copy(from, to) {
  cpSync(join(root, from), to, { recursive: true, filter: (path) => !path.includes('node_modules') })
}

/** A program that came as a package of this folder. */
export const program = (name) => join(here, 'node_modules', '.bin', name)
