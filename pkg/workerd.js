// Cloudflare Workers compile the module when they are deployed.

import module from './dist/callerid.wasm'
import { provide } from './lib/core.js'

provide(() => module)

export { decode, errorCodes, extract, init } from './lib/core.js'
export { CallerIdError } from './lib/errors.js'
export { authenticate } from './lib/middleware.js'
export { createVerifier } from './lib/verifier.js'
