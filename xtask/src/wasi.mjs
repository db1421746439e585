// Runs the tests of the core in the WebAssembly of Node: cargo starts it with the module in place of a program.

import { readFileSync } from 'node:fs'
import { WASI } from 'node:wasi'

const [module, ...flags] = process.argv.slice(2)
const { CALLERID_CORPUS: corpus, CI } = process.env
// What tests read: the repository, in which cargo starts them, and the corpus.
const folders = [process.cwd(), corpus].filter((folder) => folder !== undefined)
const wasi = new WASI({
  version: 'preview1',
  args: [module, ...flags],
  env: Object.fromEntries(Object.entries({ CALLERID_CORPUS: corpus, CI }).filter(([, value]) => value !== undefined)),
  preopens: Object.fromEntries(folders.map((folder) => [folder, folder]))
})
const { instance } = await WebAssembly.instantiate(readFileSync(module), wasi.getImportObject())
process.exitCode = wasi.start(instance)
