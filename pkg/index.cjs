'use strict'

// Node, Deno and Bun. One copy of everything, for `import` and `require` alike.

const { readFileSync } = require('node:fs')
const { join } = require('node:path')
const { decode, errorCodes, extract, init, provide } = require('./dist/core.cjs')
const { CallerIdError } = require('./dist/errors.cjs')
const { authenticate } = require('./dist/middleware.cjs')
const { createVerifier } = require('./dist/verifier.cjs')

provide(() => {
  const path = join(__dirname, 'dist', 'callerid.wasm')
  try {
    return new WebAssembly.Module(readFileSync(path))
  } catch (error) {
    throw new Error(`${path} cannot be read; if your code is bundled, leave callerid out of the bundle ("external")`, { cause: error })
  }
})

exports.CallerIdError = CallerIdError
exports.authenticate = authenticate
exports.createVerifier = createVerifier
exports.decode = decode
exports.errorCodes = errorCodes
exports.extract = extract
exports.init = init
