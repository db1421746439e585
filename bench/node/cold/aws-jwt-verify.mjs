import { readFileSync } from 'node:fs'

import { JwtVerifier } from 'aws-jwt-verify'

const [tokens, keys] = process.argv.slice(2).map((file) => readFileSync(file, 'utf8'))
const verifier = JwtVerifier.create({
  issuer: 'https://accounts.google.com',
  audience: 'https://hello-abc123-uc.a.run.app',
  jwksUri: 'https://keys.example/keys',
})
verifier.cacheJwks({ keys: [JSON.parse(keys).keys[0]] })
verifier.verifySync(tokens.split('\n', 1)[0])
