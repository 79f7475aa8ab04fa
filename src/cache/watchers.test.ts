import { describe, expect, test } from 'vitest'
import type { CacheEvent } from '../core/outcome.ts'
import { OBSERVERS_MAX } from '../core/resolved-options.ts'
import { Watchers } from './watchers.ts'

const event: CacheEvent = { kind: 'trust', partition: 0, held: true, reason: 'echo', afterMs: 0 }

function listener(hits?: boolean | number) {
  const events: CacheEvent[] = []
  const notify = (one: CacheEvent) => {
    events.push(one)
  }
  return { events, observer: hits === undefined ? { notify } : { notify, hits } }
}

function hitOf({ hitWeight: weight }: Watchers): CacheEvent {
  const outcome = { from: 'memory', why: 'fresh', stale: false, value: 1, ageMs: 0 } as const
  const [family, id, key, priority] = ['price', 7, 'price:7', 'read'] as const
  return { kind: 'read', family, id, key, priority, weight, outcome, ms: 0 }
}

function weightOf(event: CacheEvent): number {
  return event.kind === 'read' ? event.weight : 0
}

const rejecter = {
  async notify() {
    throw new Error('an observer that awaits')
  },
}

const thrower = {
  notify() {
    throw new Error('an observer of a user')
  },
}

describe('observers', () => {
  test('may be asynchronous: one that rejects is counted, and nobody fails of it', async () => {
    const watchers = new Watchers()
    watchers.add(rejecter)
    watchers.tell(event)
    await new Promise((resolve) => setImmediate(resolve))
    expect(watchers.errors).toBe(1)
  })

  test('are told each event once, before tell returns', () => {
    const watchers = new Watchers()
    const { events, observer } = listener()
    watchers.add(observer)
    watchers.add(observer)
    watchers.tell(event)
    expect(events).toEqual([event])
  })

  test('are told nothing after they have left', () => {
    const watchers = new Watchers()
    const { events, observer } = listener()
    const leave = watchers.add(observer)
    leave()
    watchers.tell(event)
    expect(events).toEqual([])
    expect(watchers.isWatched).toBe(false)
  })

  test('do not suffer from one that throws, which is counted', () => {
    const watchers = new Watchers()
    const { events, observer } = listener()
    watchers.add(thrower)
    watchers.add(observer)
    watchers.tell(event)
    watchers.tell(event)
    expect(events).toHaveLength(2)
    expect(watchers.errors).toBe(2)
  })

  test('may leave while they are told', () => {
    const watchers = new Watchers()
    const { events, observer } = listener()
    const leave = watchers.add({ notify: () => leave() })
    watchers.add(observer)
    watchers.tell(event)
    watchers.tell(event)
    expect(events).toHaveLength(2)
  })

  test('are at most so many, and one that has left makes room', () => {
    const watchers = new Watchers()
    const leave = watchers.add(listener().observer)
    for (let count = 1; count < OBSERVERS_MAX; count++) watchers.add(listener().observer)
    const add = () => watchers.add(listener().observer)
    expect(add).toThrowError(expect.objectContaining({ code: 'SP_OPTION_INVALID' }))
    leave()
    expect(add).not.toThrow()
  })
})

describe('memory hits', () => {
  test('are wanted only while an observer asks for them', () => {
    const watchers = new Watchers()
    watchers.add(listener().observer)
    watchers.add(listener(false).observer)
    expect(watchers.wantsHits).toBe(false)
    const leave = watchers.add(listener(true).observer)
    expect(watchers.wantsHits).toBe(true)
    leave()
    expect(watchers.wantsHits).toBe(false)
  })

  test('are told one in so many, unevenly, and each says what it stands for', () => {
    const watchers = new Watchers()
    watchers.add(listener(100).observer)
    watchers.add(listener(10).observer)
    const told = Array.from({ length: 10_000 }, () => watchers.takesHit())
    const places = told.flatMap((isTold, place) => (isTold ? [place] : []))
    expect(watchers.hitWeight).toBe(10)
    expect(places.length).toBeGreaterThan(950)
    expect(places.length).toBeLessThan(1_050)
    const gaps = new Set(places.map((place, index) => place - (places[index - 1] ?? 0)))
    expect(gaps.size).toBeGreaterThan(10)
  })

  test('are told each observer in the share that it asks for, whatever others want', () => {
    const watchers = new Watchers()
    const [all, some, few] = [listener(true), listener(10), listener(64)]
    for (const { observer } of [all, some, few]) watchers.add(observer)
    const count = 64_000
    for (let hit = 0; hit < count; hit++) if (watchers.takesHit()) watchers.tell(hitOf(watchers))
    const told = [all, some, few].map(({ events }) => events.map(weightOf))
    expect(told.map((weights) => [...new Set(weights)])).toEqual([[1], [10], [64]])
    for (const weights of told) {
      expect(weights.length * (weights[0] ?? 0)).toBeGreaterThan(0.97 * count)
      expect(weights.length * (weights[0] ?? 0)).toBeLessThan(1.03 * count)
    }
  })

  test('are all told while one observer wants all', () => {
    const watchers = new Watchers()
    watchers.add(listener(10).observer)
    const leave = watchers.add(listener(true).observer)
    expect([watchers.hitWeight, watchers.takesHit(), watchers.takesHit()]).toEqual([1, true, true])
    leave()
    expect(watchers.hitWeight).toBe(10)
  })

  test.each([0, -1, Number.NaN, 'all'])('sampled at %s are refused', (hits) => {
    const observer = { notify: () => {}, hits } as never
    const add = () => new Watchers().add(observer)
    expect(add).toThrowError(expect.objectContaining({ code: 'SP_OPTION_INVALID' }))
  })
})
