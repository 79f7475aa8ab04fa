import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Take, takeFrom, takeWaitMsMax } from './token-bucket.ts'

const second = 1_000_000
/** Ten tokens, one back in a second. */
const quota = { intervalMicros: second, capacityMicros: 10 * second }
const ask = (count: number, waitMicros = 0): Take => ({ ...quota, count, waitMicros })

describe('a bucket', () => {
  test('gives all its tokens at once, then one for each interval', () => {
    const all = takeFrom(undefined, ask(10), 0)
    expect(all.reply).toEqual({ kind: 'granted', waitMs: 0, remaining: 0 })
    const early = takeFrom(all.fullMicros, ask(1), second - 1)
    expect(early.reply).toEqual({ kind: 'refused', retryAfterMs: 1, remaining: 0 })
    const inTime = takeFrom(early.fullMicros, ask(1), second)
    expect(inTime.reply).toEqual({ kind: 'granted', waitMs: 0, remaining: 0 })
  })

  test('loses nothing to who is refused', () => {
    const taken = takeFrom(undefined, ask(8), 0)
    const refused = takeFrom(taken.fullMicros, ask(3), 0)
    expect(refused.reply).toEqual({ kind: 'refused', retryAfterMs: 1_000, remaining: 2 })
    expect(takeFrom(refused.fullMicros, ask(2), 0).reply.kind).toBe('granted')
  })

  test('never holds more than its capacity', () => {
    const { fullMicros } = takeFrom(undefined, ask(10), 0)
    const later = takeFrom(fullMicros, ask(11), 1_000 * second)
    expect(later.reply).toEqual({ kind: 'refused', retryAfterMs: 1_000, remaining: 10 })
  })

  test('promises to those who wait what comes back, in their order', () => {
    let { fullMicros } = takeFrom(undefined, ask(10), 0)
    const waits: number[] = []
    for (const count of [1, 2, 1]) {
      const taken = takeFrom(fullMicros, ask(count, 60 * second), 0)
      fullMicros = taken.fullMicros
      if (taken.reply.kind === 'granted') waits.push(taken.reply.waitMs)
    }
    expect(waits).toEqual([1_000, 3_000, 4_000])
    expect(takeFrom(fullMicros, ask(1), 3 * second).reply.kind).toBe('refused')
  })

  test('refuses no longer than it takes to fill after its clock was put back', () => {
    const { fullMicros } = takeFrom(undefined, ask(10), 3_600 * second)
    const { reply } = takeFrom(fullMicros, ask(1), 0)
    expect(reply).toEqual({ kind: 'refused', retryAfterMs: takeWaitMsMax + 1_000, remaining: 0 })
  })
})

test('no more is used in any time than its capacity and what comes back in that time', () => {
  const taker = fc.record({
    afterMicros: fc.integer({ min: 0, max: 5 * second }),
    count: fc.integer({ min: 1, max: 10 }),
    waitMicros: fc.constantFrom(0, second, 20 * second),
  })
  fc.assert(
    fc.property(fc.array(taker, { maxLength: 60 }), (takers) => {
      const uses: { readonly atMicros: number; readonly count: number }[] = []
      let [nowMicros, fullMicros]: [number, number | undefined] = [0, undefined]
      for (const { afterMicros, count, waitMicros } of takers) {
        nowMicros += afterMicros
        const taken = takeFrom(fullMicros, ask(count, waitMicros), nowMicros)
        fullMicros = taken.fullMicros
        if (taken.reply.kind === 'refused') continue
        uses.push({ atMicros: nowMicros + taken.reply.waitMs * 1_000, count })
      }
      for (const [at, first] of uses.entries()) {
        let used = 0
        for (const { atMicros, count } of uses.slice(at)) {
          used += count
          // Waits are told in whole milliseconds.
          const timeMicros = atMicros - first.atMicros + 1_000
          expect(used).toBeLessThanOrEqual(10 + timeMicros / second)
        }
      }
    }),
  )
})
