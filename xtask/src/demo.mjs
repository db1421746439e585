// The demo's part in Node: the token through the npm package, and the page on loopback.
// Usage: node demo.mjs verify FOLDER AUDIENCE CALLER KEYS_URL | node demo.mjs serve FOLDER AUDIENCE

import { readFileSync, writeFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'

const [job, folder, audience, caller, keysUrl] = process.argv.slice(2)
const [tokenFile, keysFile] = ['token.jwt', 'keys.json'].map((name) => resolve(folder, name))

if (job === 'verify') {
  const { createVerifier } = await import('../../pkg/index.js')
  const token = readFileSync(tokenFile, 'utf8').trim()
  const verifier = createVerifier({ audience, callers: [caller], keys: keysUrl })
  const { verdict, checks } = await verifier.inspect(token)
  console.log(`verdict: ${verdict}`)
  for (const { check, status, message } of checks) console.log(`  ${status}  ${check.padEnd(16)} ${message}`)
  const { email, subject, kind } = await verifier.verify(token)
  console.log('caller:', { email, subject, kind })
  // The page may not ask this machine for keys: they are left there to be pasted.
  writeFileSync(keysFile, await (await fetch(keysUrl)).text())
} else {
  const { serve } = await import('../../tests/browser/server.mjs')
  const { url } = await serve()
  console.log(`\nThe inspector: ${url}  (Ctrl-C ends it)`)
  console.log(`Paste ${relative('.', tokenFile)} as the token, ${relative('.', keysFile)} as the keys, and expect ${audience}.`)
}
