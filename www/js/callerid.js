// The npm package, as `cargo xtask site` lays it beside the page. Everything else imports it from here.

import { init } from '../callerid/browser.js'

export { createVerifier, decode, extract } from '../callerid/browser.js'

/** Loads the module, from the address that index.html has had preloaded. */
export const start = () => init(new URL('../callerid/dist/callerid.wasm', import.meta.url))
