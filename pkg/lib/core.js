// The WebAssembly modules: how they are loaded, and how what they write is read. See crates/callerid-wasm.
//
// The whole module does everything. Where it can be had at once, a part of it that only verifies is loaded
// before it, and answers for every token that is accepted; the whole one is then loaded for the first that is not.

// Longer texts are far beyond every limit of the core; of them it sees only so much.
const TEXT_MAX = 1 << 20

let whole
let part
let loading

/**
 * Says how this platform comes by the whole module, and by its part that verifies.
 *
 * Of each, `glue()` gives the generated functions around it, `name` is theirs, and `now()` gives the compiled
 * module at once, or `later()` a promise of it.
 */
export function provide(wholeModule, verifyingPart) {
  whole = { ...wholeModule, functions: undefined }
  part = verifyingPart && { ...verifyingPart, functions: undefined }
}

function use(source, module) {
  if (source.functions !== undefined) return source.functions
  const functions = source.glue()
  const instance = new WebAssembly.Instance(module, { [`./${source.name}_bg.js`]: functions })
  functions.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
  source.functions = functions
  return functions
}

function useNow(source) {
  if (source.functions === undefined && source.now !== undefined) use(source, source.now())
  return source.functions
}

/** Loads the module, from `source` if it is given: a `WebAssembly.Module`, its bytes, a `Response` or a URL. */
export async function init(source) {
  if (source === undefined ? isReady() : whole.functions !== undefined) return
  loading ??= (source === undefined ? whole.later() : compile(source)).then((module) => use(whole, module))
  try {
    await loading
  } catch (error) {
    loading = undefined
    throw error
  }
}

/** A compiled module from whatever holds it. */
export async function compile(source) {
  if (source instanceof WebAssembly.Module) return source
  if (typeof source === 'string' || source instanceof URL) source = await fetch(source)
  if (!(source instanceof Response)) return WebAssembly.compile(source)
  if (!source.ok) throw new Error(`callerid.wasm could not be loaded: status ${source.status}`)
  return WebAssembly.compile(await source.arrayBuffer())
}

/** Whether verifying can begin at once. */
export function isReady() {
  return useNow(part ?? whole) !== undefined
}

/** The functions that verify. Their answers may lack a report; `core()` then has it. */
export function verifying() {
  return part === undefined ? core() : useNow(part)
}

/** The functions of the whole module, which must be there. */
export function core() {
  const functions = useNow(whole)
  if (functions === undefined) throw new TypeError('await init() first: on this platform the WebAssembly module is loaded in the background')
  return functions
}

/** What is handed to the module in place of this value. */
export function text(value) {
  if (typeof value !== 'string') return ''
  return value.length > TEXT_MAX ? value.slice(0, TEXT_MAX) : value
}

const encoder = new TextEncoder()
// Three bytes at most for a character, of a token as long as the core reads any.
const room = new Uint8Array(3 * 16_384)

/** What is handed to the module in place of this value, as bytes that the next call overwrites. */
export function bytes(value) {
  const whole = text(value)
  if (whole.length * 3 > room.length) return encoder.encode(whole)
  return room.subarray(0, encoder.encodeInto(whole, room).written)
}

/** Reads a line of the module. Integers that a number cannot hold are made BigInts. */
export function read(line) {
  const answer = JSON.parse(line)
  const { report, caller, big } = answer
  if (report !== undefined) {
    const json = answer.text ?? line.slice(line.indexOf('"report":') + 9, -1)
    hide(report, 'toString', () => json)
  }
  if (big !== undefined) {
    for (const path of big) makeBig(report ?? caller.claims, path)
  }
  if (caller !== undefined) freeze(caller)
  return answer
}

function makeBig(value, path) {
  const last = path.pop()
  let parent = value
  for (const step of path) parent = parent[step]
  Object.defineProperty(parent, last, { value: BigInt(parent[last]), enumerable: true })
  // JSON.stringify throws on a BigInt; whoever logs claims gets its digits.
  if (!Object.hasOwn(parent, 'toJSON')) hide(parent, 'toJSON', () => withDigits(parent))
}

function withDigits(value) {
  const copy = Array.isArray(value) ? [] : {}
  for (const [name, member] of Object.entries(value)) {
    const shown = typeof member === 'bigint' ? member.toString() : member
    Object.defineProperty(copy, name, { value: shown, enumerable: true })
  }
  return copy
}

function hide(object, name, value) {
  Object.defineProperty(object, name, { value, enumerable: false })
}

// A caller is handed out again for every further request with its token.
function freeze(value) {
  for (const name in value) {
    if (typeof value[name] === 'object' && value[name] !== null) freeze(value[name])
  }
  Object.freeze(value)
}

/** Shows what a token says without verifying it. */
export function decode(token, options) {
  const now = options?.now
  return read(core().decode(text(token), now === undefined ? Date.now() / 1000 : seconds(now))).report
}

/** Finds the tokens in a pasted text: a header line, a command, a JSON reply. */
export function extract(pasted) {
  return JSON.parse(core().extract(text(pasted)))
}

let table

/** Every error code with its HTTP status, its sentence and its hint. */
export function errorCodes() {
  table ??= Object.freeze(JSON.parse(core().errorCodes(), (_, value) => Object.freeze(value)))
  return table
}

const YEAR_9999 = 253402300799

/** A time in seconds, or a TypeError. */
export function seconds(value) {
  if (typeof value === 'number' && value >= 0 && value <= YEAR_9999) return value
  throw new TypeError('now: a time must be given in seconds since 1970 (Date.now() / 1000)')
}
