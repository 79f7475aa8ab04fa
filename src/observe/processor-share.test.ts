import { expect, it } from 'vitest'
import { ProcessorShare } from './processor-share.ts'

it('is the part of a core that was used over about the last minute', () => {
  let usedMs = 5_000
  const share = new ProcessorShare(() => usedMs)
  expect(share.at(0)).toBeUndefined()
  usedMs += 1_000
  expect(share.at(5_000)).toBeUndefined()
  usedMs += 1_000
  expect(share.at(20_000)).toBe(0.1)
  for (let nowMs = 25_000; nowMs <= 120_000; nowMs += 5_000) {
    usedMs += 2_500
    share.at(nowMs)
  }
  expect(share.at(120_000)).toBeCloseTo(0.5)
})
