// Sends requests at a fixed rate, whether or not answers have come, and judges each answer.

import { Agent, request as httpRequest } from 'node:http'

/** Sends `rate` requests a second for so many seconds; latencies count from when a request was due. */
export async function send({ port, requests, rate, seconds, first = 0 }) {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 })
  const total = rate * seconds
  const latencies = new Float64Array(total)
  const wrong = []
  let sent = 0
  let answered = 0
  const start = performance.now()
  await new Promise((resolve) => {
    const settle = (number, expected, status, body) => {
      latencies[number] = performance.now() - (start + (number * 1000) / rate)
      if (!isRight(expected, status, body)) wrong.push({ kind: expected.kind, status, body: String(body).slice(0, 200) })
      if (++answered === total) resolve()
    }
    const timer = setInterval(() => {
      const due = Math.min(total, Math.ceil(((performance.now() - start) * rate) / 1000))
      for (; sent < due; sent++) ask(agent, port, requests[(first + sent) % requests.length], sent, settle)
      if (sent === total) clearInterval(timer)
    }, 1)
  })
  const elapsed = (performance.now() - start) / 1000
  agent.destroy()
  latencies.sort()
  const at = (share) => latencies[Math.min(total - 1, Math.floor(total * share))]
  return { total, elapsed, wrong, p50: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999), max: latencies[total - 1] }
}

function isRight({ status, kind, caller }, answered, body) {
  if (answered !== status) return false
  return kind !== 'good' || JSON.parse(body).hello === caller
}

function ask(agent, port, expected, number, settle) {
  const headers = { authorization: `Bearer ${expected.token}` }
  const request = httpRequest({ agent, host: '127.0.0.1', port, path: '/', headers }, (response) => {
    let body = ''
    response.setEncoding('utf8')
    response.on('data', (chunk) => (body += chunk))
    response.on('end', () => settle(number, expected, response.statusCode, body))
  })
  request.on('error', (error) => settle(number, expected, 0, error.message))
  request.end()
}
