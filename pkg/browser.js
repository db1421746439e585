// Browsers load the module in the background: `verify` and `inspect` wait for it by themselves.

import * as glue from './dist/glue.js'
import { compile, provide } from './lib/core.js'

provide({ name: 'glue', glue: () => glue, later: () => compile(new URL('./dist/callerid.wasm', import.meta.url)) })

export { decode, errorCodes, extract, init } from './lib/core.js'
export { CallerIdError } from './lib/errors.js'
export { authenticate } from './lib/middleware.js'
export { createVerifier } from './lib/verifier.js'
