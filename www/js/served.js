// Who serves the page: a plain host of files, or `callerid inspect` on this machine, which has a token for it
// and fetches keys for it.

export const isFromProgram = document.body.dataset.servedBy === 'callerid'

const ask = (what, body, options) => fetch(what, { ...options, method: 'POST', body, headers: { 'content-type': 'text/plain' } })

/** What was pasted in the terminal: the program hands it over once. */
export async function handedOver() {
  if (!isFromProgram) return ''
  const response = await ask('handover', '')
  return response.ok ? response.text() : ''
}

/** The program's answer to a question for keys; rejects with its reason if it has none. */
export async function keysOf({ profile, keyId }, { signal }) {
  const response = await ask('keys', keyId === undefined ? profile : `${profile}\n${keyId}`, { signal })
  if (!response.ok) throw new Error(await response.text())
  return response
}
