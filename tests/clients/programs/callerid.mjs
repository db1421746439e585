// The npm package, used as its README shows.
//
// Usage: node callerid.mjs JOB ARGUMENT...
//   verify KEYS_URL AUDIENCE [PROFILE]    claims, or the error, of each token on standard input
//   serve KEYS_URL AUDIENCE CALLER...     a server behind authenticate(); prints its URL

import { createServer } from 'node:http'
import { createInterface } from 'node:readline'

import { authenticate, createVerifier } from 'callerid'

const [job, keys, audience, ...rest] = process.argv.slice(2)

if (job === 'verify') {
  const [profile = 'google'] = rest
  const verifier = createVerifier({ audience, anyCaller: true, keys, profile })
  for await (const token of createInterface({ input: process.stdin })) {
    const verdict = await verifier.verify(token).then(({ claims }) => ({ claims }), ({ code, message }) => ({ error: code, message }))
    console.log(JSON.stringify(verdict))
  }
} else {
  const guard = authenticate({ audience, callers: rest, keys })
  const server = createServer((request, response) => guard(request, response, () => response.end(`Hello, ${request.caller.email}`)))
  server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ url: `http://127.0.0.1:${server.address().port}` })))
}
