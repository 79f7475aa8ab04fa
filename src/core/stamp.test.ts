import { expect, it } from 'vitest'
import { stampOf } from './stamp.ts'

const RUN = '3f5e0f6bb0a34c5e8a3e3e6f1c7d9b2a4e6f8091'

it('is 8 base64url characters that stay the same for one incarnation', () => {
  expect(stampOf(RUN, 'a'.repeat(40))).toBe('AkzB8T1C')
})

it('tells apart incarnations that differ in one character of either id', () => {
  const seen = new Set<string>()
  for (let count = 0; count < 20_000; count++) {
    const id = count.toString(16).padStart(40, '0')
    seen.add(stampOf(id, RUN)).add(stampOf(RUN, id))
  }
  expect(seen.size).toBe(40_000)
  for (const stamp of seen) expect(stamp).toMatch(/^[\w-]{8}$/)
})
