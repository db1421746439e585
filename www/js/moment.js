// Moments and spans of time, read and written.

/** Seconds since 1970 from what a person typed; `undefined` for now, NaN for what is no time. */
export function readMoment(typed) {
  const text = typed.trim()
  if (text === '' || text === 'now') return undefined
  if (/^\d{1,12}(\.\d+)?$/.test(text)) return Number(text)
  // Without an offset it would mean another moment in every place.
  const rfc3339 = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/i
  return rfc3339.test(text) ? Date.parse(text.replace(' ', 'T')) / 1000 : NaN
}

/** A moment in UTC, or an empty text if it lies outside of the calendar. */
export function utc(seconds) {
  const date = new Date(Math.floor(seconds) * 1000)
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().replace('.000Z', 'Z')
}

/** A moment as the reader's clock shows it. */
export function local(seconds) {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? '' : date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' })
}

const UNITS = [['d', 86400], ['h', 3600], ['min', 60], ['s', 1]]

/** A span of time by its two largest units: "41 min 12 s". */
export function span(seconds) {
  let rest = Math.floor(Math.abs(seconds))
  if (rest >= 730 * 86400) return `${Math.floor(rest / (365.25 * 86400))} years`
  const words = []
  for (const [unit, length] of UNITS) {
    const count = Math.floor(rest / length)
    rest -= count * length
    if (count > 0 || words.length > 0 || unit === 's') words.push(`${count} ${unit}`)
  }
  return words.slice(0, 2).filter((word, at) => at === 0 || !word.startsWith('0 ')).join(' ')
}
