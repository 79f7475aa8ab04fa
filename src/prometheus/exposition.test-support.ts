/** Reads the text of a scrape back into numbers. */

/** By `name{label="value",…}`, the labels in the order of their names. */
export type Scrape = ReadonlyMap<string, number>

export function readScrape(text: string): Scrape {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  const read = new Map<string, number>()
  for (const line of lines) {
    const end = line.lastIndexOf(' ')
    const series = sorted(line.slice(0, end))
    if (read.has(series)) throw new Error(`twice: ${series}`)
    read.set(series, Number(line.slice(end + 1)))
  }
  return read
}

/** The name of a series, as in a scrape. */
export function seriesOf(name: string, labels: Readonly<Record<string, string>> = {}): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${value}"`)
  return pairs.length === 0 ? name : `${name}{${pairs.sort().join(',')}}`
}

function sorted(series: string): string {
  const start = series.indexOf('{')
  if (start < 0) return series
  const pairs = series.slice(start + 1, -1).match(/\w+="(?:[^"\\]|\\.)*"/g) ?? []
  return `${series.slice(0, start)}{${pairs.sort().join(',')}}`
}
