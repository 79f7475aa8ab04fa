import fc from 'fast-check'
import { expect, it } from 'vitest'
import { policies, replayOf } from './policies.ts'
import type { Trace } from './trace.ts'

function traceOf(keys: readonly number[]): Trace {
  const keyCount = Math.max(-1, ...keys) + 1
  return { name: 'trace', keys: Uint32Array.from(keys), keyCount, badLines: 0, isCut: false }
}

function hitsOf(policy: (typeof policies)[number], trace: Trace, capacity: number): number {
  const isHit = replayOf(policy, trace, capacity)
  let hits = 0
  for (let at = 0; at < trace.keys.length; at++) if (isHit(at)) hits++
  return hits
}

/** Tries every choice of what to hold after each access. */
function mostHits(keys: readonly number[], capacity: number): number {
  const [first, ...rest] = keys
  if (first === undefined) return 0
  let states = new Map<string, number>([['', 0]])
  for (const key of [first, ...rest]) {
    const following = new Map<string, number>()
    for (const [state, hits] of states) {
      const held = state === '' ? [] : state.split(' ').map(Number)
      const gained = hits + (held.includes(key) ? 1 : 0)
      const may = [...new Set([...held, key])].sort((one, other) => one - other)
      const choices = may.length > capacity ? may.map((out) => may.filter((k) => k !== out)) : [may]
      for (const choice of choices) {
        const name = choice.join(' ')
        following.set(name, Math.max(following.get(name) ?? 0, gained))
      }
    }
    states = following
  }
  return Math.max(...states.values())
}

const accesses = fc.array(fc.nat(5), { maxLength: 24, size: 'max' })

it('no choice of what to keep hits more than the optimum, and one hits as much', () => {
  fc.assert(
    fc.property(accesses, fc.integer({ min: 1, max: 4 }), (keys, capacity) => {
      expect(hitsOf('opt', traceOf(keys), capacity)).toBe(mostHits(keys, capacity))
    }),
  )
})

it('lru hits what was read again before as many other keys as it holds', () => {
  fc.assert(
    fc.property(accesses, fc.integer({ min: 1, max: 4 }), (keys, capacity) => {
      const expected = keys.filter((key, at) => {
        const before = keys.lastIndexOf(key, at - 1)
        return at > 0 && before >= 0 && new Set(keys.slice(before, at)).size <= capacity
      })
      expect(hitsOf('lru', traceOf(keys), capacity)).toBe(expected.length)
    }),
  )
})

it('every policy hits all but the first reads where all keys fit', () => {
  const keys = Array.from({ length: 400 }, (_, at) => (at * 7) % 16)
  for (const policy of policies) expect(hitsOf(policy, traceOf(keys), 16)).toBe(400 - 16)
})

it('no policy hits more than the optimum', () => {
  const keys = Array.from({ length: 20_000 }, (_, at) => Math.floor(((at * at) % 9_973) ** 0.7))
  const trace = traceOf(keys)
  const [lru = 0, own = 0, opt = 0] = policies.map((policy) => hitsOf(policy, trace, 64))
  expect(lru).toBeGreaterThan(0)
  expect(own).toBeGreaterThan(0)
  expect(opt).toBeGreaterThanOrEqual(Math.max(lru, own))
})
