// Fetching keys: only when asked to, only from the endpoint of the chosen profile, once for a while.

import { createVerifier } from './callerid.js'
import { isFromProgram, keysOf } from './served.js'

const MEMORY_MILLIS = 5 * 60 * 1000
const urls = new Map()
const answers = new Map()
const times = new Map()

/** Where the profile's issuer publishes its keys; `undefined` if there is no such profile. */
export async function endpointOf(profile) {
  if (!urls.has(profile)) {
    // The package knows the address and tells it when it wants something fetched.
    const fetch = (url) => {
      urls.set(profile, url)
      return Promise.reject(new Error('only asked for the address'))
    }
    try {
      await createVerifier({ profile, insecureAnyAudience: true, anyCaller: true, fetch }).ready()
    } catch {
      if (!urls.has(profile)) return undefined
    }
  }
  return urls.get(profile)
}

/**
 * Stands in for `fetch`: each change of an expectation is a new verifier, but no new request.
 *
 * `question` is the profile and the token's key id, for whoever fetches in the browser's stead.
 */
export async function answerFromMemory(url, options, question) {
  const name = isFromProgram ? `${url}\n${question.keyId}` : url
  const known = answers.get(name)
  if (known !== undefined && Date.now() - known.at < MEMORY_MILLIS) return responseOf(known)
  const response = await (isFromProgram ? keysOf(question, options) : fetch(url, { ...options, credentials: 'omit', referrerPolicy: 'no-referrer' }))
  if (!response.ok) return response
  const answer = { at: Date.now(), body: await response.text(), headers: {} }
  for (const name of ['cache-control', 'age']) {
    if (response.headers.has(name)) answer.headers[name] = response.headers.get(name)
  }
  answers.set(name, answer)
  times.set(url, answer.at)
  return responseOf(answer)
}

/** When the keys at this address were really fetched, in milliseconds. */
export const fetchedAt = (url) => times.get(url)

function responseOf({ at, body, headers }) {
  const age = Number(headers.age ?? 0) + Math.floor((Date.now() - at) / 1000)
  return new Response(body, { headers: { ...headers, age: String(age) } })
}
