// Every statement is an error; `tsc` fails if one of them is none. Compiled by tests/node/package.test.js.

import { authenticate, CallerIdError, createVerifier, decode } from 'callerid'
import type { Caller, Report } from 'callerid'

declare const report: Report
declare const caller: Caller
declare const error: CallerIdError

// @ts-expect-error an audience is asked for
createVerifier({ callers: ['a@b.c'] })
// @ts-expect-error it must be spelled rightly
createVerifier({ audiance: 'a', callers: ['a@b.c'] })
// @ts-expect-error it may be unset
createVerifier({ audience: process.env['AUDIENCE'], callers: ['a@b.c'] })
// @ts-expect-error a caller rule is asked for
createVerifier({ audience: 'a' })
// @ts-expect-error also by the middleware
authenticate({ audience: 'a' })
// @ts-expect-error both ways are one too many
createVerifier({ audience: 'a', insecureAnyAudience: true, anyCaller: true })
// @ts-expect-error here, too
createVerifier({ audience: 'a', callers: ['a@b.c'], anyCaller: true })
// @ts-expect-error false does not answer the question
createVerifier({ audience: 'a', anyCaller: false })
// @ts-expect-error a rule must demand something
createVerifier({ audience: 'a', callers: [{}] })
// @ts-expect-error a rule must be spelled rightly
createVerifier({ audience: 'a', callers: [{ emial: 'a@b.c' }] })
// @ts-expect-error callers are a list
createVerifier({ audience: 'a', callers: 'a@b.c' })
// @ts-expect-error there is no such profile
createVerifier({ audience: 'a', anyCaller: true, profile: 'goggle' })
// @ts-expect-error a profile's parameter cannot be left out
createVerifier({ audience: 'a', anyCaller: true, profile: 'firebase' })
// @ts-expect-error a time is no clock
createVerifier({ audience: 'a', anyCaller: true, now: 5 })
// @ts-expect-error a report that may not be verified has no claims
report.claims
if (report.verdict === 'rejected') {
  // @ts-expect-error a rejected one has none
  report.claims
}
if (report.verdict === 'verified') {
  // @ts-expect-error a verified one has no unverified ones
  report.unverified_claims
}
// @ts-expect-error decoding verifies nothing
decode('x').claims
// @ts-expect-error a caller may have no address
caller.email.length
// @ts-expect-error a caller is not changed
caller.email = 'eve@example.com'
// @ts-expect-error there is no such code
error.code === 'token_expird'
// @ts-expect-error only this package makes its errors
new CallerIdError()
