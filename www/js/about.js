// What the token is, who it speaks for and for whom, and how much of its life is left.

import { byId, element, fact, fill } from './dom.js'
import { local, span, utc } from './moment.js'
import { foreignLetters, untrusted } from './untrusted.js'

export function showAbout(report, notes) {
  const { summary, description, claims } = report
  byId('about-kind').replaceChildren(`This is ${description}.`)
  const isVerified = report.verdict === 'verified'
  const hasClaims = (claims ?? report.unverified_claims) !== null
  const stamp = byId('stamp')
  stamp.hidden = !hasClaims
  stamp.textContent = isVerified ? 'VERIFIED' : 'UNVERIFIED'
  stamp.classList.toggle('pass', isVerified)
  const facts = [
    ['Speaks for', summary.caller],
    ['Made for', summary.audience],
    ['Issued by', summary.issuer]
  ].filter(([, value]) => value !== null)
  const rows = facts.flatMap(([term, value]) => fact(term, untrusted(value, { foreign: true, limit: 300 }), foreignLetters(value) ?? ''))
  if (report.fingerprint !== null && hasClaims) rows.push(...fact('Fingerprint', element('code', '', report.fingerprint), element('span', 'help', ' names it in logs without holding it')))
  fill(byId('about-facts'), ...rows)
  const remarks = [...notes, ...report.notes].map(({ message }) => element('li', '', untrusted(message)))
  fill(byId('about-notes'), ...remarks)
}

/** The bar and the countdown, for a moment in seconds. */
export function showLifetime(report, now, isLive) {
  const claims = report.claims ?? report.unverified_claims
  const { iat, exp } = claims ?? {}
  const panel = byId('lifetime')
  panel.hidden = !(typeof iat === 'number' && typeof exp === 'number' && exp > iat && utc(exp) !== '' && utc(iat) !== '')
  if (panel.hidden) return
  const when = now < iat ? 'before' : now < exp ? 'within' : 'after'
  const then = isLive ? '' : ', at the chosen moment'
  const words = {
    before: `Begins in ${span(iat - now)}${then}`,
    within: `${span(exp - now)} left of ${span(exp - iat)}${then}`,
    after: `Expired ${span(now - exp)} ago${then}`
  }
  byId('countdown').textContent = words[when]
  const bar = byId('bar')
  bar.dataset.when = when
  bar.style.setProperty('--at', `${Math.min(Math.max((now - iat) / (exp - iat), 0), 1) * 100}%`)
  bar.setAttribute('aria-label', words[when])
  for (const [id, word, time] of [['bar-from', 'Issued', iat], ['bar-until', 'Expires', exp]]) {
    byId(id).textContent = `${word} ${utc(time)}`
    byId(id).title = local(time)
    byId(id).dateTime = utc(time)
  }
}
