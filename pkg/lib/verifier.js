import { bytes, core, init, isReady, read, seconds, verifying } from './core.js'
import { fetchKeys, wordsOf } from './endpoint.js'
import { CallerIdError } from './errors.js'
import { answerTo, tokenOf } from './http.js'
import { readOptions } from './options.js'

// How many requests may wait for keys at a time. Only floods reach it.
const WAITING_MAX = 10_000

let decideNow
let profileNow

class Verifier {
  #options
  #handle
  // The keys that the endpoint gave last, and the whole module's verifier for them, where that is another one.
  #document
  #explainer
  // The answers for tokens that were accepted, by their whole texts.
  #accepted = new Map()
  #capacity = 0
  #waiters = new Set()

  static {
    decideNow = (verifier, token) => verifier.#decide('verify', token)
    profileNow = (verifier) => verifier.#options.profile
  }

  constructor(options) {
    this.#options = readOptions(options)
    if (isReady()) this.#open()
  }

  async verify(token) {
    return callerOf(await this.#decide('verify', token))
  }

  verifySync(token) {
    return callerOf(this.#ask('verifyNow', token))
  }

  async inspect(token) {
    return (await this.#decide('inspect', token)).report
  }

  inspectSync(token) {
    return this.#ask('inspectNow', token).report
  }

  async verifyRequest(request) {
    await this.#load()
    try {
      const token = tokenOf((name) => request.headers.get(name) ?? undefined, this.#options.profile)
      return { caller: await this.verify(token) }
    } catch (error) {
      if (!(error instanceof CallerIdError)) console.error(error)
      const { body, ...init } = answerTo(error)
      return { error, response: new Response(body, init) }
    }
  }

  async ready() {
    await this.#load()
    let request = -1
    for (;;) {
      const answer = JSON.parse(this.#handle.ready(request, Date.now()))
      if (answer.refresh !== undefined) this.#fetch(answer.refresh)
      if (answer.problem !== undefined) {
        const report = this.#explain('', { words: answer.problem }, this.#now())
        throw new CallerIdError(report, { code: 'keys_unavailable', retryAfter: answer.retryAfter })
      }
      if (answer.request === undefined) return
      await this.#resume(answer)
      request = answer.request
    }
  }

  /** The answer, or a promise of it where something must be waited for. */
  #decide(method, token) {
    if (this.#handle === undefined) return this.#load().then(() => this.#decide(method, token))
    const answer = this.#ask(method, token, -1)
    return answer.request === undefined ? answer : this.#later(method, token, answer)
  }

  async #later(method, token, answer) {
    while (answer.request !== undefined) {
      if (answer.wait !== undefined && this.#waiters.size >= WAITING_MAX) {
        return { report: this.#explain(token, { words: 'too many requests wait for them' }, this.#now()), retryAfter: 1 }
      }
      await this.#resume(answer)
      answer = this.#ask(method, token, answer.request)
    }
    return answer
  }

  #ask(method, token, request) {
    if (this.#handle === undefined) this.#open()
    const millis = Date.now()
    const now = this.#now()
    const handle = this.#handle
    if (method === 'verify' || method === 'verifyNow') {
      const accepted = this.#accepted.get(token)
      const refresh = accepted === undefined ? -1 : handle.recall(accepted.number, millis, now)
      if (refresh > 0) this.#fetch(refresh)
      if (refresh >= 0) return accepted
    }
    const line = request === undefined ? handle[method](bytes(token), millis, now) : handle[method](bytes(token), request, millis, now)
    const answer = read(line)
    if (answer.number !== undefined) this.#remember(token, answer)
    if (answer.refused !== undefined) answer.report = this.#explain(token, answer.refused, now)
    if (answer.refresh !== undefined) this.#fetch(answer.refresh)
    return answer
  }

  /** The report on a token, by the keys that it was judged with or, for want of any, with these words. */
  #explain(token, { words, fetchedAt, expiresAt }, now) {
    const explainer = this.#explaining()
    if (words !== undefined) return read(explainer.unavailable(bytes(token), words, now)).report
    const { url } = this.#options
    return read(fetchedAt === undefined ? explainer.inspectNow(bytes(token), Date.now(), now) : explainer.inspectFetched(bytes(token), url, fetchedAt, expiresAt, now)).report
  }

  /** The whole module's verifier of the same policy and keys, which has the words for what was decided. */
  #explaining() {
    const whole = core()
    if (this.#handle instanceof whole.Verifier) return this.#handle
    if (this.#explainer?.document !== this.#document) {
      this.#explainer?.handle.free()
      this.#explainer = undefined
    }
    this.#explainer ??= { document: this.#document, handle: setUp(whole, this.#options, this.#document) }
    return this.#explainer.handle
  }

  #remember(token, answer) {
    if (this.#accepted.size >= this.#capacity) this.#accepted.delete(this.#accepted.keys().next().value)
    this.#accepted.set(token, answer)
  }

  /** Waits until asking again makes sense. */
  #resume({ fetch, wait }) {
    if (fetch !== undefined) return this.#fetch(fetch)
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer)
        this.#waiters.delete(wake)
        resolve()
      }
      const timer = setTimeout(wake, Math.max(wait - Date.now(), 0) + 1)
      this.#waiters.add(wake)
    })
  }

  /** Fetches the keys and tells the core how that went; never rejects. */
  async #fetch(ticket) {
    const { url, fetch = globalThis.fetch, timeout } = this.#options
    try {
      const { status, body, cacheControl, age } = await fetchKeys(url, fetch, timeout)
      if (this.#handle.answered(ticket, status, body, cacheControl, age, Date.now())) this.#document = body
    } catch (error) {
      this.#handle.failed(ticket, wordsOf(error), Date.now())
    }
    for (const wake of this.#waiters) wake()
  }

  #now() {
    const { now } = this.#options
    return now === undefined ? Date.now() / 1000 : seconds(now())
  }

  async #load() {
    if (this.#handle !== undefined) return
    await init()
    if (this.#handle === undefined) this.#open()
  }

  #open() {
    const { document } = this.#options
    this.#document = document
    try {
      this.#handle = setUp(verifying(), this.#options, document)
    } catch {
      // The whole module says why.
      this.#handle = setUp(core(), this.#options, document)
    }
    this.#capacity = this.#handle.capacity()
  }
}

/** A verifier of the module with this policy, and with these keys, or the endpoint's if there are none. */
function setUp({ Setup }, options, document) {
  const { profile, audiences, rules, isOneRule, parties, nonce, clockSkew, remembered } = options
  try {
    const setup = new Setup(profile, remembered)
    if (audiences === undefined) setup.insecureAnyAudience()
    else for (const audience of audiences) setup.audience(audience)
    if (rules === undefined) setup.anyCaller()
    else for (const rule of rules) setRule(setup, rule)
    if (isOneRule) setup.oneRule()
    for (const party of parties) setup.authorizedParty(party)
    if (nonce !== undefined) setup.nonce(nonce)
    if (clockSkew !== undefined) setup.clockSkew(clockSkew)
    options.url ??= setup.endpoint()
    return document === undefined ? setup.withEndpoint(options.url) : setup.withKeys(document)
  } catch (error) {
    throw new TypeError(error.message)
  }
}

function setRule(setup, rule) {
  if (typeof rule === 'string') return setup.email(rule)
  setup.rule()
  for (const [name, value] of rule) setup.demand(name, value)
}

/** The caller of an answer; throws if the token was not accepted. */
export function callerOf({ caller, report, retryAfter }) {
  if (caller !== undefined) return caller
  throw new CallerIdError(report, { retryAfter })
}

/** What `verify` says of a token, as an answer, or a promise of one where keys must be fetched first. */
export function decide(verifier, token) {
  return decideNow(verifier, token)
}

/** The profile that a verifier was made for. */
export function profileOf(verifier) {
  return profileNow(verifier)
}

/** A verifier from options, unless it is one already. */
export function verifierOf(options) {
  return options instanceof Verifier ? options : new Verifier(options)
}

/** A verifier that knows for whom tokens must be made and who may call. */
export function createVerifier(options) {
  return new Verifier(options)
}
