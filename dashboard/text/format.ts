/**
 * Numbers and times as they are shown, never broken from their unit. What is not known is `–`,
 * never a zero.
 */
export const unknown = '–'

const locale = 'en-GB'
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 })
const precise = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 })
const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' })
const minute = new Intl.DateTimeFormat(locale, { timeStyle: 'short' })
const stamp = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' })

/** Whole up to five digits, short above. */
export const count = known((n) => (Math.abs(n) < 100_000 ? whole.format(n) : short.format(n)))
export const exact = known((n) => whole.format(n))
export const perSecond = known((n) => (n < 100 ? precise.format(n) : count(n)))

export const percent = known((share) => {
  const hundredths = share * 100
  if (hundredths > 99.9 && hundredths < 100) return '>99.9\u00a0%'
  return `${hundredths.toFixed(hundredths === 0 || hundredths === 100 ? 0 : 1)}\u00a0%`
})

/** Of a length of time. */
export const duration = known((ms) => {
  if (ms === 0) return '0\u00a0ms'
  if (ms < 1) return `${precise.format(ms * 1000)}\u00a0µs`
  if (ms < 1000) return `${precise.format(ms)}\u00a0ms`
  if (ms < 60_000) return `${precise.format(ms / 1000)}\u00a0s`
  // A little less than an hour, or a day, is rounded to one.
  if (ms < 3_599_500) return pair(ms, [60_000, 'min'], [1000, 's'])
  if (ms < 86_370_000) return pair(ms, [3_600_000, 'h'], [60_000, 'min'])
  return pair(ms, [86_400_000, 'd'], [3_600_000, 'h'])
})

export const bytes = known((n) => {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const step = n < 1 ? 0 : Math.min(Math.floor(Math.log2(n) / 10), units.length - 1)
  return `${precise.format(n / 1024 ** step)}\u00a0${units[step]}`
})

export const time = known((ms) => clock.format(ms))
export const timeShort = known((ms) => minute.format(ms))
export const dateTime = known((ms) => stamp.format(ms))

/** `2 min ago` */
export function ago(ms: number | undefined, nowMs: number): string {
  if (ms === undefined) return unknown
  const age = Math.max(nowMs - ms, 0)
  return age < 1000
    ? 'now'
    : `${duration(age < 60_000 ? Math.floor(age / 1000) * 1000 : age)}\u00a0ago`
}

/** `1 key`, `2 keys` */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`
}

function known(format: (n: number) => string): (n: number | null | undefined) => string {
  return (n) => (n === undefined || n === null || !Number.isFinite(n) ? unknown : format(n))
}

type Unit = readonly [ms: number, name: string]

function pair(ms: number, [large, largeName]: Unit, [small, smallName]: Unit): string {
  const smalls = Math.round(ms / small)
  const perLarge = large / small
  const rest = smalls % perLarge
  const head = `${Math.floor(smalls / perLarge)}\u00a0${largeName}`
  return rest === 0 ? head : `${head}\u00a0${rest}\u00a0${smallName}`
}
