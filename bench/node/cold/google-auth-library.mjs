import { createPublicKey } from 'node:crypto'
import { readFileSync } from 'node:fs'

import { OAuth2Client } from 'google-auth-library'

const [tokens, keys] = process.argv.slice(2).map((file) => readFileSync(file, 'utf8'))
const key = JSON.parse(keys).keys[0]
const pem = createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' })
await new OAuth2Client().verifySignedJwtWithCertsAsync(
  tokens.split('\n', 1)[0],
  { [key.kid]: pem },
  'https://hello-abc123-uc.a.run.app',
  ['https://accounts.google.com'],
)
