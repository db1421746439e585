import { answerTo, tokenOf } from './http.js'
import { callerOf, decide, profileOf, verifierOf } from './verifier.js'

/** Middleware for Express, Connect and the Functions Framework. */
export function authenticate(options, { onReject } = {}) {
  if (onReject !== undefined && typeof onReject !== 'function') throw new TypeError('onReject must be a function')
  const verifier = verifierOf(options)
  const profile = profileOf(verifier)

  return function authenticateCaller(request, response, next) {
    const pass = (caller) => {
      request.caller = caller
      return next()
    }
    const refuse = (error) => {
      tell(onReject, error, request)
      send(response, answerTo(error))
    }
    let answer
    try {
      answer = decide(verifier, tokenOf((name) => headerOf(request, name), profile))
      if (answer instanceof Promise) answer = answer.then(callerOf)
      else answer = callerOf(answer)
    } catch (error) {
      return refuse(error)
    }
    // What comes next runs outside of the attempt, since its errors are not ours.
    return answer instanceof Promise ? answer.then(pass, refuse) : pass(answer)
  }
}

/** Repeated fields joined as RFC 9110 section 5.3 has it, so that two tokens are never one. */
function headerOf({ headers, rawHeaders }, name) {
  // Of some repeated fields Node keeps only the first in `headers`.
  const values = []
  for (let at = 0; at < (rawHeaders?.length ?? 0); at += 2) {
    if (rawHeaders[at].length === name.length && rawHeaders[at].toLowerCase() === name) values.push(rawHeaders[at + 1])
  }
  if (values.length > 0) return values.join(', ')
  const value = rawHeaders === undefined ? headers[name] : undefined
  return Array.isArray(value) ? value.join(', ') : value
}

function tell(onReject, error, request) {
  if (onReject !== undefined) onReject(error, request)
  else if (error.report === undefined) console.error(error)
}

function send(response, { status, headers, body }) {
  response.statusCode = status
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  response.end(body)
}
