import { describe, expect, it } from 'vitest'
import { familyTimeMs, parseStat, processTimes } from './processor-time.ts'

describe.skipIf(process.platform !== 'linux')('the time of a process', () => {
  it('grows while it works', () => {
    const before = processTimes(process.pid)?.ms ?? 0
    const endMs = performance.now() + 80
    while (performance.now() < endMs);
    expect(processTimes(process.pid)?.ms ?? 0).toBeGreaterThan(before)
  })

  it('is unknown where there is no such process, or another one has its number', () => {
    expect(processTimes(2 ** 30)).toBeUndefined()
    expect(familyTimeMs(process.pid, 'postgres')).toBeUndefined()
  })
})

it('is read behind a name with brackets and spaces', () => {
  const text = '12 (a) b (c) S 7 12 12 0 -1 4194304 1 2 3 4 10 20 30 40 20 0 1 0 1 1 1'
  expect(parseStat(text)).toEqual({ parent: 7, name: 'a) b (c', ms: 1_000 })
})
