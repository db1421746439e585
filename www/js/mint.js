// The way to the workshop for test tokens. It signs, so it is loaded only when somebody opens it.

import { byId, element } from './dom.js'

/** Calls `inspect({ token, keys, … })` with what is to be judged. */
export function offerMint(inspect) {
  const panel = byId('mint')
  const body = byId('mint-body')
  let loading
  panel.addEventListener('toggle', () => {
    if (!panel.open || loading !== undefined) return
    loading = import('./mint-panel.js').then(({ showMint }) => showMint(body, inspect)).catch((error) => {
      loading = undefined // closed and opened again, it is tried again
      body.replaceChildren(element('p', 'wrong', `This could not be loaded: ${error.message}. Close it and open it again.`))
    })
  })
}
