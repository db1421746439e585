// What the reader expects of the token. The token's own words are offered, never taken.

import { button, byId, element, fill } from './dom.js'
import { readMoment, utc } from './moment.js'
import { joinProfile, PROFILES, splitProfile } from './profiles.js'
import { untrusted } from './untrusted.js'

const FIELDS = ['parameter', 'audience', 'email', 'moment']

/** Calls `changed()` after every edit. */
export function watchExpectations(changed) {
  byId('profile').append(...PROFILES.map(({ name, title }) => new Option(title, name)))
  byId('profile').addEventListener('change', () => {
    byId('parameter').value = ''
    showProfile()
    changed()
  })
  for (const id of FIELDS) byId(id).addEventListener('input', changed)
  showProfile()
}

/** The expectations as they stand; `moment` is `undefined` for now. */
export function readExpectations() {
  const moment = readMoment(byId('moment').value)
  const isWrong = Number.isNaN(moment) || moment > 253402300799
  fill(byId('moment-wrong'), isWrong ? 'This is no time in one of these forms; judged now.' : '')
  const parameter = byId('parameter').value.trim()
  return {
    profile: joinProfile(byId('profile').value, parameter),
    audience: byId('audience').value,
    email: byId('email').value,
    moment: isWrong ? undefined : moment
  }
}

export function setExpectations({ profile = 'google', audience = '', email = '', now }) {
  const { row, parameter } = splitProfile(profile)
  byId('profile').value = row.name
  byId('parameter').value = parameter
  byId('audience').value = audience
  byId('email').value = email
  byId('moment').value = now === undefined ? '' : utc(now)
  showProfile()
}

/** Offers what the token says of itself. */
export function offer({ summary, claims, unverified_claims }, question, changed) {
  const said = claims ?? unverified_claims ?? {}
  const set = (id, value) => () => {
    byId(id).value = value
    changed()
    byId(id).focus()
  }
  const suggested = summary.suggested_profile
  fill(byId('offer-profile'), suggested === null || suggested === question.profile ? null : labelled(suggested, () => {
    setExpectations({ ...question, profile: suggested, now: question.moment })
    changed()
    byId('profile').focus()
  }))
  const audiences = [said.aud].flat().filter((value) => isText(value) && value !== question.audience)
  fill(byId('offer-audience'), ...audiences.slice(0, 4).map((value) => labelled(value, set('audience', value))))
  const isOther = isText(said.email) && said.email !== question.email.trim()
  fill(byId('offer-email'), isOther ? labelled(said.email, set('email', said.email)) : null)
  const moments = typeof said.iat === 'number' && typeof said.exp === 'number' && said.exp > said.iat ? [['half-way through its life', (said.iat + said.exp) / 2]] : []
  const offered = moments.filter(([, time]) => utc(time) !== '' && utc(time) !== byId('moment').value)
  const now = question.moment === undefined ? null : button('Now', set('moment', ''))
  fill(byId('offer-moment'), now, ...offered.map(([label, time]) => button(`${label.charAt(0).toUpperCase()}${label.slice(1)}`, set('moment', utc(time)))))
}

const isText = (value) => typeof value === 'string' && value.trim() !== '' && value.length <= 1000

function labelled(value, onClick) {
  const made = button('', onClick)
  made.append(element('span', 'unseen', 'Take from the token: '), untrusted(value, { foreign: true, limit: 120 }))
  return made
}

function showProfile() {
  const { parameter, audience } = splitProfile(byId('profile').value).row
  byId('parameter-field').hidden = parameter === undefined
  byId('parameter-label').textContent = parameter ?? ''
  byId('audience-help').textContent = `Such as ${audience}.`
}
