// Compiled by tests/node/package.test.js as an ES module and as CommonJS, under every module resolution.

import { authenticate, CallerIdError, createVerifier, decode, errorCodes, extract, init } from 'callerid'
import type { Caller, ErrorCode, Report, Verifier } from 'callerid'
import type { RequestHandler } from 'express'

const verifier: Verifier = createVerifier({ audience: 'https://service.example', callers: ['robot@p.iam.gserviceaccount.com'] })
createVerifier({ audience: ['a', 'b'], anyCaller: true, profile: 'firebase:my-project', clockSkew: 0, cache: false, timeout: 5 })
createVerifier({ insecureAnyAudience: true, callers: [{ email: ['a@b.c'], hostedDomain: 'b.c' }, { project: 'p' }, 'a@b.c'] })
createVerifier({ audience: 'a', anyCaller: true, keys: { keys: [] }, now: () => 0, fetch: (url, init) => fetch(url, init) })

export async function use(token: string, request: Request): Promise<string | Response> {
  const caller: Caller = await verifier.verify(token)
  const email: string | undefined = caller.email
  const report: Report = verifier.inspectSync(token)
  if (report.verdict === 'verified') {
    const issuer = report.claims['iss']
    if (typeof issuer === 'string') return issuer
  } else {
    const claims = report.unverified_claims
    if (claims !== null) return String(claims['iss'])
  }
  const answer = await verifier.verifyRequest(request)
  if (answer.response) return answer.response
  return answer.caller.email ?? email ?? verifier.verifySync(token).issuer
}

export function explain(error: unknown): number {
  if (!(error instanceof CallerIdError)) throw error
  switch (error.code) {
    case 'token_expired':
      return error.status
    case 'token_missing':
      return 401
    default: {
      const code: ErrorCode = error.code
      return errorCodes()[code].status
    }
  }
}

export const middleware: RequestHandler = authenticate({ audience: 'a', anyCaller: true })
export const handler: RequestHandler = (request, response) => {
  response.send(request.caller?.email)
}
authenticate(verifier, { onReject: (error, request) => console.log(error.message, request.url) })
decode('x', { now: 0 }).unverified_claims
extract('x').tokens[0]?.length
init(new URL('https://x.example/callerid.wasm'))
