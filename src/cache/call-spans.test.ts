import { AsyncLocalStorage } from 'node:async_hooks'
import { describe, expect, test } from 'vitest'
import type { Clock, Timer } from '../core/contracts/clock.ts'
import { CallSpan } from './call-span.ts'
import { CallSpans } from './call-spans.ts'
import { KeyFlight } from './flight-of.ts'

/** Timers fire when the test says so, in the context in which they were armed, as Node's do. */
class HandClock implements Clock {
  nowMs = 0
  readonly armed = new Map<Timer, { readonly dueMs: number; readonly task: () => void }>()

  now(): number {
    return this.nowMs
  }

  wallMs(): number {
    return this.nowMs
  }

  endOfTick(task: () => void): void {
    task()
  }

  timer(delayMs: number, task: () => void): Timer {
    const timer = { cancel: () => void this.armed.delete(timer) }
    this.armed.set(timer, { dueMs: this.nowMs + delayMs, task: AsyncLocalStorage.bind(task) })
    return timer
  }

  reach(nowMs: number): void {
    this.nowMs = nowMs
    for (const [timer, { dueMs, task }] of [...this.armed]) {
      if (dueMs > nowMs || !this.armed.delete(timer)) continue
      task()
    }
  }
}

function flightOf(key: string): KeyFlight {
  const plan = { partition: 0, mode: 'bounded', generation: 1, startedMs: 0, id: key } as const
  const whose = { suspect: undefined, outer: undefined, isShareable: true, alone: undefined }
  const flight = new KeyFlight({ ...plan, ...whose, key, memoryId: key })
  flight.join()
  return flight
}

function open() {
  const clock = new HandClock()
  const closing = new AbortController()
  const spans = new CallSpans(clock, closing.signal)
  const begin = (key: string, timeoutMs: number) => {
    const flights = [flightOf(key)]
    const { nowMs } = clock
    return new CallSpan({ spans, family: 'item', flights, queuedMs: nowMs, nowMs, timeoutMs })
  }
  return { clock, closing, begin }
}

describe('calls of sources under way', () => {
  test('each end at their own deadline, whatever order they began in', () => {
    const { clock, begin } = open()
    const late = begin('a', 300)
    const early = begin('b', 100)
    clock.reach(99)
    expect([late.isOver, early.isOver]).toEqual([false, false])
    clock.reach(100)
    expect([late.isOver, early.isOver]).toEqual([false, true])
    clock.reach(299)
    expect(late.isOver).toBe(false)
    clock.reach(300)
    expect(late.isOver).toBe(true)
  })

  test('have one timer, and none when they have ended', () => {
    const { clock, begin } = open()
    const all = ['a', 'b', 'c'].map((key) => begin(key, 100))
    expect(clock.armed.size).toBe(1)
    for (const span of all) span.end()
    expect(clock.armed.size).toBe(0)
  })

  test('end when the cache is closed', () => {
    const { closing, clock, begin } = open()
    const span = begin('a', 100)
    closing.abort(new Error('closed'))
    expect(span.isOver).toBe(true)
    expect(() => span.throwIfOver()).toThrow('closed')
    expect(clock.armed.size).toBe(0)
  })

  test('do not end in the context of the call that armed the timer', () => {
    const { clock, begin } = open()
    const context = new AsyncLocalStorage<string>()
    const seen: unknown[] = []
    const first = context.run('first', () => begin('a', 100))
    const second = begin('b', 200)
    second.signal.addEventListener('abort', () => seen.push(context.getStore()))
    clock.reach(100)
    expect(first.isOver).toBe(true)
    clock.reach(200)
    expect(seen).toEqual([undefined])
  })
})
