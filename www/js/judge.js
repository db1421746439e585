// From a question to its report. All judging is the package's; here it is only asked.

import { createVerifier, decode } from './callerid.js'
import { answerFromMemory } from './endpoint.js'

/**
 * The report on a token, and what was wrong with the question, if anything.
 *
 * `keys` is `{ from: 'given', text }`, `{ from: 'endpoint' }` or `{ from: 'none' }`.
 */
export async function judge({ token, profile, audience, email, moment }, keys) {
  const options = { profile, cache: false, now: () => moment ?? Date.now() / 1000, fetch: nothing }
  if (audience.trim() === '') options.insecureAnyAudience = true
  else options.audience = audience
  if (email.trim() === '') options.anyCaller = true
  else options.callers = [email.trim()]
  try {
    if (keys.from === 'given') return { report: createVerifier({ ...options, keys: keys.text }).inspectSync(token) }
  } catch (error) {
    const asked = aboutProfile(error, token, options)
    return asked ?? { report: createVerifier(options).inspectSync(token), keysWrong: sentence(error) }
  }
  try {
    if (keys.from === 'none') return { report: createVerifier(options).inspectSync(token) }
    return { report: await createVerifier({ ...options, fetch: answerFromMemory }).inspect(token) }
  } catch (error) {
    return aboutProfile(error, token, options) ?? { report: decode(token, { now: options.now() }), profileWrong: sentence(error) }
  }
}

/** Without this a verifier that lacks keys would fetch them in the background, and nobody asked for that. */
const nothing = () => Promise.reject(new Error('nobody asked for them'))

function aboutProfile(error, token, { now }) {
  if (!error.message.startsWith('profile:')) return undefined
  return { report: decode(token, { now: now() }), profileWrong: sentence(error) }
}

function sentence(error) {
  const words = error.message.replace(/^\w+: /, '')
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
}
