import { readFileSync } from 'node:fs'

import { createLocalJWKSet, jwtVerify } from 'jose'

const [tokens, keys] = process.argv.slice(2).map((file) => readFileSync(file, 'utf8'))
await jwtVerify(tokens.split('\n', 1)[0], createLocalJWKSet(JSON.parse(keys)), {
  issuer: 'https://accounts.google.com',
  audience: 'https://hello-abc123-uc.a.run.app',
})
