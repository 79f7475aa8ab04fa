import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { type BreakerOptions, resolveBreaker } from '../core/breaker-policy.ts'
import type { Clock } from '../core/contracts/clock.ts'
import { type BreakerChange, SourceBreaker, type Verdict } from './source-breaker.ts'

let nowMs: number
let unit: number
let changes: BreakerChange[]

const clock: Clock = {
  now: () => nowMs,
  wallMs: () => nowMs,
  timer: () => ({ cancel() {} }),
  endOfTick: (task) => queueMicrotask(task),
}
const chance = { token: () => '', unit: () => unit }

beforeEach(() => {
  nowMs = 0
  unit = 0
  changes = []
})

const open = (options: BreakerOptions) =>
  new SourceBreaker(resolveBreaker('test', options), {
    clock,
    chance,
    onChange: (change) => changes.push(change),
  })
const inRow: BreakerOptions = { consecutive: 3, openFor: '60s', trials: 3 }
const call = (breaker: SourceBreaker, verdict: Verdict) =>
  breaker.end(breaker.begin(nowMs), verdict, nowMs)
const fail = (breaker: SourceBreaker, times: number) => {
  for (let time = 0; time < times; time++) call(breaker, 'failed')
}
const state = (breaker: SourceBreaker) => breaker.stats().state

describe('by failures in a row', () => {
  test('opens at the last of them, for as long as was said', () => {
    const breaker = open(inRow)
    fail(breaker, 2)
    expect(breaker.blockedForMs(nowMs)).toBeUndefined()
    fail(breaker, 1)
    expect(breaker.blockedForMs(nowMs)).toBe(60_000)
    nowMs = 59_999
    expect(breaker.blockedForMs(nowMs)).toBe(1)
    nowMs = 60_000
    expect(breaker.blockedForMs(nowMs)).toBeUndefined()
  })

  test('counts anew after a success, and what says nothing counts for nothing', () => {
    const breaker = open(inRow)
    for (let round = 0; round < 5; round++) {
      fail(breaker, 2)
      call(breaker, 'succeeded')
    }
    fail(breaker, 2)
    call(breaker, 'ignored')
    expect(state(breaker)).toBe('closed')
    fail(breaker, 1)
    expect(state(breaker)).toBe('open')
  })
})

describe('by a share of failures', () => {
  const byRate: BreakerOptions = { failureRate: 0.5, window: '10s', minCalls: 4 }

  test('opens when so many of enough calls have failed', () => {
    const breaker = open(byRate)
    fail(breaker, 3)
    expect(state(breaker)).toBe('closed')
    fail(breaker, 1)
    expect(state(breaker)).toBe('open')
  })

  test('stays closed while most calls succeed', () => {
    const breaker = open(byRate)
    for (let round = 0; round < 50; round++) {
      call(breaker, 'succeeded')
      call(breaker, 'succeeded')
      call(breaker, 'failed')
    }
    expect(state(breaker)).toBe('closed')
  })

  test('forgets what is older than the window', () => {
    const breaker = open(byRate)
    fail(breaker, 3)
    nowMs = 11_000
    fail(breaker, 3)
    expect(state(breaker)).toBe('closed')
    fail(breaker, 1)
    expect(state(breaker)).toBe('open')
  })
})

describe('half-open', () => {
  let breaker: SourceBreaker

  beforeEach(() => {
    breaker = open(inRow)
    fail(breaker, 3)
    nowMs = 60_000
  })

  test('lets no more calls through than it tries', () => {
    for (let trial = 0; trial < 3; trial++) {
      expect(breaker.blockedForMs(nowMs)).toBeUndefined()
      breaker.begin(nowMs)
    }
    expect(breaker.blockedForMs(nowMs)).toBe(0)
  })

  test('closes when all of them have succeeded, not before', () => {
    call(breaker, 'succeeded')
    call(breaker, 'succeeded')
    expect(state(breaker)).toBe('halfOpen')
    call(breaker, 'succeeded')
    expect(state(breaker)).toBe('closed')
  })

  test('opens again with one failure, twice as long each time, up to the longest', () => {
    const other = open({ consecutive: 1, openFor: '1s', openForMost: '3s' })
    const openMs: number[] = []
    for (let round = 0; round < 4; round++) {
      fail(other, 1)
      const blockedMs = other.blockedForMs(nowMs) ?? 0
      openMs.push(blockedMs)
      nowMs += blockedMs
    }
    expect(openMs).toEqual([1_000, 2_000, 3_000, 3_000])
  })

  test('gives a trial that says nothing to the next caller', () => {
    const tickets = [1, 2, 3].map(() => breaker.begin(nowMs))
    breaker.end(tickets[0] ?? 0, 'ignored', nowMs)
    expect(breaker.blockedForMs(nowMs)).toBeUndefined()
  })

  test('begins with the short time again once it has been closed', () => {
    const other = open({ consecutive: 1, openFor: '1s', openForMost: '1h', trials: 1 })
    fail(other, 1)
    nowMs += 1_000
    fail(other, 1)
    nowMs += 2_000
    call(other, 'succeeded')
    fail(other, 1)
    expect(other.blockedForMs(nowMs)).toBe(1_000)
  })
})

test('a call that began before it opened says nothing about what follows', () => {
  const breaker = open(inRow)
  const [early, late] = [breaker.begin(nowMs), breaker.begin(nowMs)]
  fail(breaker, 3)
  breaker.end(early, 'succeeded', nowMs)
  expect(state(breaker)).toBe('open')
  nowMs = 60_000
  breaker.begin(nowMs)
  breaker.end(late, 'failed', nowMs)
  expect(state(breaker)).toBe('halfOpen')
})

test('the open time is longer by chance, never shorter', () => {
  unit = 0.999
  const breaker = open(inRow)
  fail(breaker, 3)
  const blockedMs = breaker.blockedForMs(nowMs) ?? 0
  expect(blockedMs).toBeGreaterThan(60_000)
  expect(blockedMs).toBeLessThan(66_000)
})

test('a new policy holds from the next call on', () => {
  const breaker = open(inRow)
  fail(breaker, 2)
  breaker.configure(resolveBreaker('test', { consecutive: 2, openFor: '1s', trials: 1 }))
  fail(breaker, 1)
  expect(state(breaker)).toBe('closed')
  fail(breaker, 1)
  expect(breaker.blockedForMs(nowMs)).toBe(1_000)
})

test('tells each change once, with how long the state before lasted', () => {
  const breaker = open({ consecutive: 1, openFor: '1s', trials: 1 })
  nowMs = 500
  fail(breaker, 1)
  nowMs = 1_500
  call(breaker, 'succeeded')
  expect(changes).toEqual([
    { before: 'closed', state: 'open', afterMs: 500, retryMs: 1_000 },
    { before: 'open', state: 'halfOpen', afterMs: 1_000, retryMs: undefined },
    { before: 'halfOpen', state: 'closed', afterMs: 0, retryMs: undefined },
  ])
})

test('counts failures, refusals, trials, recoveries and latency', () => {
  const breaker = open({ consecutive: 1, openFor: '1s', openForMost: '1s', trials: 1 })
  const ticket = breaker.begin(nowMs)
  nowMs = 40
  breaker.end(ticket, 'failed', 0)
  breaker.refused()
  nowMs = 1_040
  fail(breaker, 1)
  nowMs = 2_040
  call(breaker, 'succeeded')
  expect(breaker.stats()).toEqual({
    state: 'closed',
    failures: 2,
    rejected: 1,
    recoveryAttempts: 2,
    recoveries: 1,
    recoveryMeanMs: 2_000,
    latency: { p50Ms: expect.any(Number), p99Ms: 40, maxMs: 40 },
  })
})

test('never has more trials under way than it may, whatever happens', () => {
  const step = fc.record({
    act: fc.constantFrom('begin', 'end', 'wait'),
    verdict: fc.constantFrom<Verdict>('succeeded', 'failed', 'ignored'),
    at: fc.nat(20),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      nowMs = 0
      const breaker = open({ consecutive: 2, openFor: '1s', trials: 2 })
      let running: { readonly ticket: number; readonly isTrial: boolean }[] = []
      for (const { act, verdict, at } of steps) {
        if (act === 'wait') nowMs += 600
        if (act === 'begin' && breaker.blockedForMs(nowMs) === undefined) {
          const ticket = breaker.begin(nowMs)
          running.push({ ticket, isTrial: state(breaker) === 'halfOpen' })
        }
        const ended = act === 'end' ? running[at % Math.max(1, running.length)] : undefined
        if (ended === undefined) continue
        running = running.filter((one) => one !== ended)
        breaker.end(ended.ticket, verdict, nowMs)
        if (state(breaker) !== 'halfOpen') continue
        const newest = Math.max(0, ...running.map(({ ticket }) => ticket))
        const trials = running.filter(({ ticket, isTrial }) => isTrial && ticket === newest)
        expect(trials.length).toBeLessThanOrEqual(2)
      }
    }),
  )
})

test('fewer trials than have succeeded close it at once', () => {
  const breaker = open({ consecutive: 1, openFor: '1s', trials: 3 })
  fail(breaker, 1)
  nowMs += 2_000
  call(breaker, 'succeeded')
  expect(state(breaker)).toBe('halfOpen')
  breaker.configure(resolveBreaker('test', { consecutive: 1, openFor: '1s', trials: 1 }))
  expect(state(breaker)).toBe('closed')
  expect(breaker.blockedForMs(nowMs)).toBeUndefined()
})
