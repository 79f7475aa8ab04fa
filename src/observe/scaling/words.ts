/** Numbers as they stand in the reasons of recommendations. */

const mega = 1_048_576
const giga = 1_024 * mega

export function bytesText(bytes: number): string {
  const [size, unit] = bytes >= giga ? [bytes / giga, 'GB'] : [bytes / mega, 'MB']
  return `${Number(size.toPrecision(3))} ${unit}`
}

export function percentText(share: number): string {
  return `${Math.round(share * 1_000) / 10} %`
}

export function hoursText(ms: number): string {
  const hours = ms / 3_600_000
  return hours < 2 ? `${Math.round(hours * 60)} minutes` : `${Math.round(hours)} hours`
}
