// Ties the panels together: whatever changes, the question is put again and the answer shown.

import { start as startPackage } from './callerid.js'
import { showAbout, showLifetime } from './about.js'
import { showChecks } from './checks.js'
import { showDecoded } from './decoded.js'
import { byId } from './dom.js'
import { endpointOf } from './endpoint.js'
import { offer, readExpectations, setExpectations, watchExpectations } from './expectations.js'
import { judge } from './judge.js'
import { giveKeys, keys, showKeys, watchKeys } from './keys.js'
import { Links } from './links.js'
import { offerMint } from './mint.js'
import { keepForOffline } from './offline.js'
import { find, isKeySet, showChoice, showNotes, watchPaste } from './paste.js'
import { showRaw } from './raw.js'
import { sample } from './samples.js'
import { handedOver, isFromProgram } from './served.js'
import { forgetTaken, offerTakeaway } from './takeaway.js'
import { showVerdict } from './verdict.js'

const links = new Links()
let found = { tokens: [], notes: [] }
let chosen = 0
let shown = { token: undefined, text: undefined }
let current
let round = 0

const tokenNow = () => found.tokens[chosen]

/** Puts the question and shows the answer, unless a newer one has overtaken it. */
async function update({ quiet = false } = {}) {
  const mine = ++round
  const token = tokenNow()
  document.body.dataset.state = token === undefined ? 'empty' : 'token'
  if (token === undefined) return showNothing()
  const question = readExpectations()
  const endpoint = await endpointOf(question.profile)
  const answer = { ...(await judge({ ...question, token }, keys)), question, keys, endpoint }
  if (mine !== round) return
  const { report } = answer
  const text = `${report}${answer.keysWrong ?? ''}${answer.profileWrong ?? ''}`
  current = { ...question, keys, token, report }
  showLifetime(report, question.moment ?? Date.now() / 1000, question.moment === undefined)
  if (quiet && text === shown.text) return
  showVerdict(answer)
  showAbout(report, found.tokens.length === 1 ? found.notes : [])
  showChecks(report.checks)
  fillWrong(answer.profileWrong)
  if (!quiet) {
    offer(report, question, update)
    forgetTaken()
  }
  showKeys(answer)
  if (token !== shown.token) showToken(token, report)
  shown = { token, text }
}

function showToken(token, report) {
  links.clear()
  const link = (part, name, element) => links.add(part, name, element)
  showRaw(token, link)
  const pieces = token.split('.')
  showDecoded(report, pieces.length === 3 ? pieces[2] : undefined, link)
}

function showNothing() {
  shown = { token: undefined, text: undefined }
  current = undefined
  links.clear()
  for (const id of ['raw', 'decoded', 'checks', 'about-facts', 'about-kind']) byId(id).replaceChildren()
  forgetTaken()
  showVerdict({})
}

function fillWrong(words) {
  byId('profile-wrong').textContent = words ?? ''
  byId('profile-wrong').hidden = words === undefined
}

function take(newlyFound) {
  found = newlyFound
  chosen = 0
  byId('clear').hidden = byId('pasted').value === ''
  showNotes(found.notes)
  byId('are-keys').hidden = found.tokens.length !== 1 || !isKeySet(found.tokens[0])
  showChoice(found.tokens, chosen, (at) => {
    chosen = at
    update()
  })
  return update()
}

/** A token of the reader's own is not judged by a sample's keys and expectations. */
function leaveSample() {
  if (!keys.sample) return
  giveKeys(undefined)
  setExpectations({})
}

async function trySample(name) {
  const { text, keys: testKeys, ...expected } = await sample(name)
  byId('pasted').value = text
  giveKeys(testKeys, { sample: true })
  setExpectations(expected)
  await take(find(text))
  byId('verdict').focus({ preventScroll: true })
  byId('verdict').scrollIntoView({ block: 'nearest' })
}

/** Judges a token that was made here, by the key that was made here. */
async function inspectMinted({ token, keys: publicKeys, ...expected }) {
  byId('pasted').value = token
  giveKeys(publicKeys, { minted: true })
  setExpectations(expected)
  await take(find(token))
  byId('verdict').focus({ preventScroll: true })
  byId('verdict').scrollIntoView({ block: 'nearest' })
}

async function takeHandedOver() {
  const text = await handedOver()
  if (text === '' || byId('pasted').value !== '') return
  byId('pasted').value = text
  await take(find(text))
}

async function start() {
  await startPackage()
  watchExpectations(() => update())
  watchKeys(() => update())
  watchPaste({
    taken(newlyFound) {
      leaveSample()
      return take(newlyFound)
    },
    keys(text) {
      giveKeys(text)
      return update()
    }
  })
  byId('are-keys').addEventListener('click', () => {
    giveKeys(byId('pasted').value)
    byId('clear').click()
    showNotes([{ message: 'The keys are taken. Now paste the token.' }])
  })
  byId('clear').addEventListener('click', () => {
    byId('pasted').value = ''
    leaveSample()
    take(find(''))
    byId('pasted').focus()
  })
  for (const pick of document.querySelectorAll('[data-sample]')) pick.addEventListener('click', () => trySample(pick.dataset.sample))
  offerTakeaway(() => current)
  offerMint(inspectMinted)
  links.follow(byId('raw'), byId('decoded'))
  setInterval(() => {
    // Where there are no claims, time changes nothing.
    if (current?.report.header && !document.hidden) update({ quiet: true })
  }, 1000)
  // What was typed before all this was loaded.
  if (byId('pasted').value !== '') take(find(byId('pasted').value))
  await takeHandedOver()
  document.body.dataset.ready = ''
  // The program's address is another one every time: there is nothing to come back to.
  if (!isFromProgram) keepForOffline()
}

start()
