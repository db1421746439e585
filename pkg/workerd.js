// Cloudflare Workers compile the modules when they are deployed.

import whole from './dist/callerid.wasm'
import * as glue from './dist/glue.js'
import * as verifyingGlue from './dist/verifying.js'
import part from './dist/verifying.wasm'
import { provide } from './lib/core.js'

provide({ name: 'glue', glue: () => glue, now: () => whole }, { name: 'verifying', glue: () => verifyingGlue, now: () => part })

export { decode, errorCodes, extract, init } from './lib/core.js'
export { CallerIdError } from './lib/errors.js'
export { authenticate } from './lib/middleware.js'
export { createVerifier } from './lib/verifier.js'
