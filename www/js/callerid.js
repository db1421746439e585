// The npm package, as `cargo xtask site` lays it beside the page. Everything else imports it from here.

export { createVerifier, decode, extract, init } from '../callerid/browser.js'
