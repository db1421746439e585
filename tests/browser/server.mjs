// A plain static host, as the page would have one: files, media types, gzip. It counts what it sends.

import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const SITE = new URL('../../target/site/', import.meta.url)
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm'
}

/** Serves the site below `/some/prefix/`, so that no path may be absolute. */
export async function serve() {
  const sent = []
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, 'http://localhost').pathname.replace(/^\/some\/prefix\//, '').replace(/\/$/, '') || 'index.html'
    try {
      const body = gzipSync(await readFile(new URL(path, SITE)), { level: 9 })
      response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'text/plain', 'content-encoding': 'gzip', 'cache-control': 'no-cache' })
      sent.push({ path, bytes: body.length })
      response.end(body)
    } catch {
      response.writeHead(404).end()
      sent.push({ path, bytes: 0, missing: true })
    }
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${server.address().port}`
  return {
    origin,
    url: `${origin}/some/prefix/`,
    sent,
    close: () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections() }),
    folder: fileURLToPath(SITE)
  }
}
