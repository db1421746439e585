'use strict'

// Node, Deno and Bun. One copy of everything, for `import` and `require` alike.

const { readFileSync } = require('node:fs')
const { join } = require('node:path')
const { CallerIdError, authenticate, createVerifier, decode, errorCodes, extract, init, provide } = require('./dist/lib.cjs')

function compiled(name) {
  const path = join(__dirname, 'dist', name)
  try {
    return new WebAssembly.Module(readFileSync(path))
  } catch (error) {
    throw new Error(`${path} cannot be read; if your code is bundled, leave callerid out of the bundle ("external")`, { cause: error })
  }
}

provide(
  { name: 'glue', glue: () => require('./dist/glue.cjs'), now: () => compiled('callerid.wasm') },
  { name: 'verifying', glue: () => require('./dist/verifying.cjs'), now: () => compiled('verifying.wasm') }
)

exports.CallerIdError = CallerIdError
exports.authenticate = authenticate
exports.createVerifier = createVerifier
exports.decode = decode
exports.errorCodes = errorCodes
exports.extract = extract
exports.init = init
