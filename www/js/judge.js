// From a question to its report. All judging is the package's; here it is only asked.

import { createVerifier, decode } from './callerid.js'
import { answerFromMemory } from './endpoint.js'

let moment
let question
const now = () => moment ?? Date.now() / 1000

const fetchKeys = (url, options) => answerFromMemory(url, options, question)

// Without this a verifier that lacks keys would fetch them in the background, and nobody asked for that.
const nothing = () => Promise.reject(new Error('nobody asked for them'))

/**
 * The report on a token, and what was wrong with the question, if anything.
 *
 * `keys` is `{ from: 'given', text }`, `{ from: 'endpoint' }` or `{ from: 'none' }`.
 */
export async function judge({ token, profile, audience, email, ...rest }, keys) {
  moment = rest.moment
  const keyId = decode(token).header?.kid
  question = { profile, keyId: typeof keyId === 'string' ? keyId : undefined }
  const options = { profile }
  if (audience.trim() === '') options.insecureAnyAudience = true
  else options.audience = audience
  if (email.trim() === '') options.anyCaller = true
  // As one rule, each of whose demands is a check of its own: the command line asks so, too.
  else options.callers = { email: email.trim() }
  try {
    if (keys.from === 'endpoint') return { report: await verifierFor(options, fetchKeys).inspect(token) }
    if (keys.from === 'none') return { report: verifierFor(options, nothing).inspectSync(token) }
  } catch (error) {
    return { report: decode(token, { now: now() }), profileWrong: sentence(error) }
  }
  try {
    return { report: verifierFor({ ...options, keys: keys.text }, nothing).inspectSync(token) }
  } catch (error) {
    const answer = await judge({ token, profile, audience, email, ...rest }, { from: 'none' })
    return answer.profileWrong ? answer : { ...answer, keysWrong: sentence(error) }
  }
}

let kept = {}

/** A verifier is kept while only the token and the moment change: reading keys takes longer than judging. */
function verifierFor(options, fetch) {
  const name = JSON.stringify(options)
  if (kept.name !== name || kept.fetch !== fetch) {
    kept = { name, fetch, verifier: createVerifier({ ...options, fetch, now, cache: false }) }
  }
  return kept.verifier
}

function sentence(error) {
  const words = error.message.replace(/^\w+: /, '')
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
}
