// The demo's part in Node: the same token through the npm package, and the page on loopback.
// Usage: node demo.mjs verify FOLDER AUDIENCE NOW | node demo.mjs serve

import { readFileSync } from 'node:fs'

const [job, folder, audience, now] = process.argv.slice(2)

if (job === 'verify') {
  const { createVerifier } = await import('../../pkg/index.js')
  const [token, keys] = ['token.jwt', 'keys.json'].map((name) => readFileSync(`${folder}/${name}`, 'utf8').trim())
  const verifier = createVerifier({ audience, anyCaller: true, keys, now: () => Number(now) })
  const { verdict, checks } = await verifier.inspect(token)
  console.log(`verdict: ${verdict}`)
  for (const { check, status, message } of checks) console.log(`  ${status}  ${check.padEnd(16)} ${message}`)
  const { email, subject, kind } = verifier.verifySync(token)
  console.log('caller:', { email, subject, kind })
} else {
  const { serve } = await import('../../tests/browser/server.mjs')
  const { url } = await serve()
  console.log(`The inspector: ${url}  (Ctrl-C ends it)`)
}
