// Keeps the files of this page, and nothing else, for use without a network.

const VERSION = 'development' // written by `cargo xtask site`
const FILES = [] // written by `cargo xtask site`

const CACHE = `callerid-${VERSION}`

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()))
})

self.addEventListener('activate', (event) => {
  const isOld = (name) => name.startsWith('callerid-') && name !== CACHE
  const clean = caches.keys().then((names) => Promise.all(names.filter(isOld).map((name) => caches.delete(name))))
  event.waitUntil(clean.then(() => self.clients.claim()))
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  // Keys are fetched afresh, and by the page itself.
  if (request.method !== 'GET' || !request.url.startsWith(self.registration.scope)) return
  event.respondWith(answer(request))
})

async function answer(request) {
  const cache = await caches.open(CACHE)
  const kept = await cache.match(request, { ignoreSearch: request.mode === 'navigate' })
  return kept ?? fetch(request)
}
