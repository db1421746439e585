// One fetch of the key endpoint. When to fetch, and what to make of the answer, the core decides.

// One more byte than the core reads.
const BODY_BYTES_MAX = 262_145

/** The endpoint's answer; rejects with a sentence for an error if there is none in time. */
export async function fetchKeys(url, fetch, timeout) {
  const controller = new AbortController()
  let timer
  const overdue = new Promise((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${timeout / 1000} s`))
      controller.abort()
    }, timeout)
  })
  try {
    return await Promise.race([answerOf(url, fetch, controller.signal), overdue])
  } finally {
    clearTimeout(timer)
  }
}

async function answerOf(url, fetch, signal) {
  const headers = { accept: 'application/json' }
  // Not "error", which Workers do not know.
  const response = await fetch(url, { headers, redirect: 'manual', signal })
  const isRedirect = response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)
  if (isRedirect || response.redirected) {
    await response.body?.cancel()
    throw new Error('it redirects, which is not followed')
  }
  return {
    status: response.status,
    body: await bodyOf(response),
    cacheControl: response.headers.get('cache-control'),
    age: response.headers.get('age')
  }
}

async function bodyOf(response) {
  if (!response.body) return ''
  const reader = response.body.getReader()
  const decoder = new TextDecoder()
  let body = ''
  let length = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return body + decoder.decode()
    length += value.length
    body += decoder.decode(value, { stream: true })
    if (length >= BODY_BYTES_MAX) {
      await reader.cancel()
      return body
    }
  }
}

/** What went wrong, in a few words. */
export function wordsOf(error) {
  // Node says only "fetch failed" and hides the reason in the cause.
  const reason = error?.cause?.code ?? error?.cause?.message
  const message = String(error?.message ?? error)
  return reason === undefined ? message : `${message} (${reason})`
}
