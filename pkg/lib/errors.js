import { errorCodes } from './core.js'

/** A token was not accepted, or could not be judged. It never holds the token. */
export class CallerIdError extends Error {
  constructor(report, { code = report.code, retryAfter } = {}) {
    super(messageOf(report, code))
    this.code = code
    this.report = report
    if (retryAfter !== undefined) this.retryAfter = retryAfter
  }

  get status() {
    return adviceOn(this.code).status
  }
}

Object.defineProperty(CallerIdError.prototype, 'name', { value: 'CallerIdError' })

// What a request lacks before there is a token to judge.
const TOKEN_MISSING = {
  status: 401,
  message: 'The request carries no token.',
  hint: 'Send an ID token for this service in the header "Authorization: Bearer TOKEN".'
}

/** Status, sentence and hint of a code, the same for every token. */
export function adviceOn(code) {
  return code === 'token_missing' ? TOKEN_MISSING : errorCodes()[code]
}

function messageOf(report, code) {
  const failed = report.checks.find((check) => check.code === code)
  return (failed ?? adviceOn(code)).message
}
