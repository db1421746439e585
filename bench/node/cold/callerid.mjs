import { readFileSync } from 'node:fs'

import { createVerifier } from 'callerid'

const [tokens, keys] = process.argv.slice(2).map((file) => readFileSync(file, 'utf8'))
const verifier = createVerifier({
  audience: 'https://hello-abc123-uc.a.run.app',
  callers: ['caller@my-project.iam.gserviceaccount.com'],
  keys,
})
verifier.verifySync(tokens.split('\n', 1)[0])
