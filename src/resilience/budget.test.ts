import { beforeEach, describe, expect, test } from 'vitest'
import { Deferred } from '../base/deferred.ts'
import type { Clock, Timer } from '../core/contracts/clock.ts'
import { Budget } from './budget.ts'

/** Time moves only when told to; timers fire in their order. */
class StillClock implements Clock {
  readonly timers: { readonly dueMs: number; readonly task: () => void }[] = []
  #nowMs = 0

  now(): number {
    return this.#nowMs
  }

  wallMs(): number {
    return this.#nowMs
  }

  timer(delayMs: number, task: () => void): Timer {
    const timer = { dueMs: this.#nowMs + delayMs, task }
    this.timers.push(timer)
    return { cancel: () => this.#drop(timer) }
  }

  endOfTick(task: () => void): void {
    queueMicrotask(task)
  }

  /** Lets promises settle before and after. */
  async pass(ms: number): Promise<void> {
    await settle()
    this.#nowMs += ms
    const due = this.timers.filter(({ dueMs }) => dueMs <= this.#nowMs)
    due.sort((a, b) => a.dueMs - b.dueMs)
    for (const timer of due) {
      this.#drop(timer)
      timer.task()
    }
    await settle()
  }

  #drop(timer: { readonly dueMs: number; readonly task: () => void }): void {
    const at = this.timers.indexOf(timer)
    if (at >= 0) this.timers.splice(at, 1)
  }
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve))

let clock: StillClock

beforeEach(() => {
  clock = new StillClock()
})

describe('a step within the budget', () => {
  test('gives its result', async () => {
    const budget = new Budget(clock, 500)
    expect(await budget.wait(Promise.resolve('reply'))).toBe('reply')
  })

  test('rejects as the step does', async () => {
    const failure = new Error('refused')
    const budget = new Budget(clock, 500)
    await expect(budget.wait(Promise.reject(failure))).rejects.toBe(failure)
  })

  test('leaves no timer, whether it succeeds or fails', async () => {
    const budget = new Budget(clock, 500)
    await budget.wait(Promise.resolve('reply'))
    await budget.wait(Promise.reject(new Error('refused'))).catch(() => {})
    expect(clock.timers).toHaveLength(0)
  })
})

describe('the time of all steps together', () => {
  test('ends a later step when earlier ones have used most of it', async () => {
    const budget = new Budget(clock, 500)
    const first = new Deferred<string>()
    const waited = budget.wait(first.promise)
    await clock.pass(400)
    first.resolve('reply')
    expect(await waited).toBe('reply')

    let second: string | undefined = 'still waiting'
    void budget.wait(new Deferred<string>().promise).then((result) => {
      second = result
    })
    await clock.pass(99)
    expect(second).toBe('still waiting')
    await clock.pass(1)
    expect(second).toBeUndefined()
    expect(budget.isSpent).toBe(true)
  })

  test('counts the time of a step that failed', async () => {
    const budget = new Budget(clock, 500)
    const step = new Deferred<string>()
    const waited = budget.wait(step.promise).catch(() => 'failed')
    await clock.pass(300)
    step.reject(new Error('lost'))
    expect(await waited).toBe('failed')

    let result: string | undefined = 'still waiting'
    void budget.wait(new Deferred<string>().promise).then((one) => {
      result = one
    })
    await clock.pass(200)
    expect(result).toBeUndefined()
  })

  test('is spent once by steps that wait side by side', async () => {
    const budget = new Budget(clock, 500)
    const steps = [0, 1, 2].map(() => new Deferred<string>())
    const waited = steps.map((step) => budget.wait(step.promise))
    await clock.pass(300)
    for (const step of steps) step.resolve('reply')
    expect(await Promise.all(waited)).toEqual(['reply', 'reply', 'reply'])
    expect(budget.isSpent).toBe(false)

    let result: string | undefined = 'still waiting'
    void budget.wait(new Deferred<string>().promise).then((one) => {
      result = one
    })
    await clock.pass(199)
    expect(result).toBe('still waiting')
    await clock.pass(1)
    expect(result).toBeUndefined()
  })

  test('ends a step that began beside an earlier one together with it', async () => {
    const budget = new Budget(clock, 500)
    const first = budget.wait(new Deferred<string>().promise)
    await clock.pass(400)
    const second = budget.wait(new Deferred<string>().promise)
    await clock.pass(100)
    expect(await Promise.all([first, second])).toEqual([undefined, undefined])
  })

  test('does not count the time between steps', async () => {
    const budget = new Budget(clock, 500)
    await budget.wait(Promise.resolve('reply'))
    await clock.pass(10_000)
    expect(budget.isSpent).toBe(false)
  })
})

describe('once it is spent', () => {
  let budget: Budget

  beforeEach(async () => {
    budget = new Budget(clock, 500)
    const waited = budget.wait(new Deferred<string>().promise)
    await clock.pass(500)
    expect(await waited).toBeUndefined()
  })

  test('no step is waited for, even one that has its result', async () => {
    expect(await budget.wait(Promise.resolve('reply'))).toBeUndefined()
    expect(clock.timers).toHaveLength(0)
  })

  test('the failure of an abandoned step is nobody’s', async () => {
    const unhandled: unknown[] = []
    const note = (error: unknown) => unhandled.push(error)
    process.on('unhandledRejection', note)
    try {
      const step = new Deferred<string>()
      expect(await budget.wait(step.promise)).toBeUndefined()
      step.reject(new Error('lost'))
      await settle()
      await settle()
      expect(unhandled).toEqual([])
    } finally {
      process.off('unhandledRejection', note)
    }
  })
})

test('a late failure of a step that was given up does not reach the process', async () => {
  const unhandled: unknown[] = []
  const note = (error: unknown) => unhandled.push(error)
  process.on('unhandledRejection', note)
  try {
    const step = new Deferred<string>()
    const waited = new Budget(clock, 500).wait(step.promise)
    await clock.pass(500)
    expect(await waited).toBeUndefined()
    step.reject(new Error('lost'))
    await settle()
    await settle()
    expect(unhandled).toEqual([])
  } finally {
    process.off('unhandledRejection', note)
  }
})
