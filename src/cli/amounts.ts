/** Numbers, sizes and times as people read them. */

const units = ['B', 'kB', 'MB', 'GB', 'TB']
const steps: readonly (readonly [number, string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
  [1_000, 's'],
]

/** `12,400`. */
export function countText(count: number): string {
  return Math.round(count).toLocaleString('en-US')
}

/** `12.4k`: at most five characters wide. */
export function shortCount(count: number): string {
  if (count < 999.5)
    return count < 9.95 && !Number.isInteger(count) ? count.toFixed(1) : String(Math.round(count))
  const power = count < 999_500 ? 1 : count < 999_500_000 ? 2 : 3
  const scaled = count / 1_000 ** power
  return `${scaled < 99.5 ? scaled.toFixed(1) : Math.round(scaled)}${'kMG'.charAt(power - 1)}`
}

/** `64 MB`, by powers of 1,024. */
export function sizeText(bytes: number): string {
  const power = Math.min(
    units.length - 1,
    Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)),
  )
  const scaled = bytes / 1_024 ** power
  const digits = power === 0 || scaled >= 99.5 ? 0 : 1
  return `${scaled.toFixed(digits).replace(/\.0$/, '')} ${units[power]}`
}

/** `2.5 s`, `12 d`. */
export function timeText(ms: number): string {
  const [unitMs, unit] = steps.find(([step]) => Math.abs(ms) >= step) ?? [1, 'ms']
  const scaled = ms / unitMs
  const digits = unit === 'ms' || Math.abs(scaled) >= 9.95 ? 0 : 1
  return `${scaled.toFixed(digits).replace(/\.0$/, '')} ${unit}`
}

/** `91.2 %`; a dash for nothing. */
export function shareText(share: number | undefined): string {
  return share === undefined ? '–' : `${(share * 100).toFixed(1)} %`
}
