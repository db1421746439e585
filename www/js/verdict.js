// The answer at a glance: the verdict, its reason, the next step, and what it rests upon.

import { byId, fill } from './dom.js'
import { headline } from './phrases.js'
import { isFromProgram } from './served.js'
import { untrusted } from './untrusted.js'

let announced = ''

export function showVerdict({ report, question, keys, profileWrong, endpoint }) {
  const panel = byId('verdict')
  if (report === undefined) {
    delete panel.dataset.tone
    delete panel.dataset.verdict
    byId('verdict-line').textContent = 'What is wrong with my token?'
    byId('verdict-reason').textContent =
      'Paste it, and the answer stands here: what it is, who it speaks for, and whether Google signed it for you.'
    for (const id of ['verdict-next', 'verdict-action', 'verdict-basis']) byId(id).hidden = true
    announce('')
    return
  }
  const { tone, line } = profileWrong ? { tone: 'open', line: 'Undecided: issued by whom?' } : headline(report, question.audience.trim() !== '')
  panel.dataset.tone = tone
  panel.dataset.verdict = report.verdict
  panel.dataset.code = report.code ?? ''
  byId('verdict-line').textContent = line
  const { reason, next } = wordsFor(report, question, profileWrong)
  fill(byId('verdict-reason'), untrusted(reason, { foreign: true }))
  fill(byId('verdict-next'), next ? untrusted(next, { foreign: true }) : null)
  const wantsKeys = report.code === 'keys_unavailable' && endpoint !== undefined && !profileWrong
  byId('verdict-action').hidden = !wantsKeys
  if (wantsKeys) byId('get-keys').textContent = `Fetch the keys from ${new URL(endpoint).hostname}`
  fill(byId('verdict-basis'), ...basis(report, keys))
  announce(`${line}. ${reason}`)
}

function wordsFor(report, question, profileWrong) {
  if (profileWrong) return { reason: profileWrong, next: 'Complete the field "Issued by".' }
  const failed = report.checks.filter(({ status }) => status === 'fail')
  if (report.code === 'keys_unavailable') return withoutKeys(report, failed[0], keysAsked(failed[0]))
  if (failed.length > 0) {
    const others = failed.length === 1 ? '' : ` ${failed.length - 1} more ${failed.length === 2 ? 'check' : 'checks'} failed, see below.`
    return { reason: failed[0].message + others, next: failed[0].hint }
  }
  const { caller, audience, expires } = report.summary
  if (question.audience.trim() === '') {
    return {
      reason: `The signature is good and it is in force, but it was made for ${audience}, and nobody said that this is you.`,
      next: 'Fill in the audience that your service expects.'
    }
  }
  const reason = `It speaks for ${caller ?? 'nobody by name'}, was made for ${audience}, and ${ends(expires)}.`
  if (question.email.trim() !== '') return { reason, next: null }
  return { reason, next: 'Say which caller you expect: anyone can have Google sign a token for your audience.' }
}

const keysAsked = (check) => !/none have been fetched yet/.test(check.message)

function withoutKeys({ summary }, check, asked) {
  const says = [summary.caller === null ? null : `speaks for ${summary.caller}`, summary.expires === null ? null : ends(summary.expires)]
  const who = says.every((words) => words === null) ? '' : ` By its own words it ${says.filter(Boolean).join(' and ')}.`
  if (asked) return { reason: check.message + who, next: isFromProgram ? 'Try again, or give the keys yourself.' : 'Give the keys yourself: the browser was refused them, or is offline.' }
  return { reason: `Only public keys of the issuer can tell whether it is genuine.${who}`, next: null }
}

const ends = (expires) => (/ ago\b/.test(expires) ? `expired ${expires}` : `expires ${expires}`)

function basis({ key, verdict }, keys) {
  if (key === null || verdict === 'undecided') return []
  const origin = { endpoint: isFromProgram ? 'fetched from Google by callerid' : 'fetched from Google in this tab', sample: 'a test key that everybody can have', given: 'which you gave', minted: 'which this page made for tests' }
  const from = keys.sample ? 'sample' : keys.minted ? 'minted' : keys.from
  return ['Checked with key ', untrusted(key.key_id ?? key.thumbprint, { limit: 60 }), `, ${origin[from]}.`]
}

/** Tells screen readers, but not every second. */
function announce(words) {
  const steady = words.replace(/\d+ (second|minute|hour|day)s?/g, '')
  if (steady === announced) return
  announced = steady
  byId('announce').textContent = words
}
