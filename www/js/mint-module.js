// The module that signs, and the keys that it signs with. See crates/callerid-mint-wasm.

import * as glue from '../mint/mint.js'

export const { Draft, TestKey, testTokenKinds } = glue

/** Loads the module. */
export async function load() {
  const response = await fetch(new URL('../mint/mint.wasm', import.meta.url))
  if (!response.ok) throw new Error(`status ${response.status}`)
  const { instance } = await WebAssembly.instantiate(await response.arrayBuffer(), { './mint_bg.js': glue })
  glue.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
}

const ALGORITHMS = {
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
  ES256: { name: 'ECDSA', namedCurve: 'P-256' }
}

/** A new key. The browser makes it, beside this thread; it never leaves the tab. */
export async function newKey(algorithm) {
  if (crypto.subtle === undefined) throw new Error('The browser makes keys only for pages that come over https, or from this machine')
  const { privateKey } = await crypto.subtle.generateKey(ALGORITHMS[algorithm], true, ['sign', 'verify'])
  return TestKey.fromJwk(JSON.stringify(await crypto.subtle.exportKey('jwk', privateKey)))
}

// More than a signature ever needs: see crates/callerid-mint-wasm/src/randomness.rs.
const RANDOM_BYTES = 16_384

/** The token of a draft, signed. */
export function sign(draft, key, seconds) {
  return draft.sign(key, seconds, crypto.getRandomValues(new Uint8Array(RANDOM_BYTES)))
}
