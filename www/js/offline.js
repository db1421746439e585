// Keeps a copy of the page, so that it works without a network.

import { byId } from './dom.js'

export async function keepForOffline() {
  if (!('serviceWorker' in navigator)) return
  try {
    await navigator.serviceWorker.register('sw.js')
    await navigator.serviceWorker.ready
    byId('offline').textContent = 'It is kept in this browser and works offline.'
  } catch {
    // Private windows refuse; the page works all the same while there is a network.
  }
}
