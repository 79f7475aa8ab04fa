import { beforeEach, describe, expect, test, vi } from 'vitest'
import { Flight, type Landed } from '../coherence/index.ts'
import type { Clock } from '../core/contracts/clock.ts'
import { SharedSignals } from '../resilience/index.ts'
import { checkGet, type Patience, patienceOf, waitFor } from './patience.ts'

const signals = new SharedSignals()

const landed: Landed = { value: 1, bornMs: 0, ttl: undefined, from: 'source', why: 'absent' }

const settle = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Timers of this clock fire when `fire` is called. */
let timers: Map<number, () => void>
let clock: Clock
let flight: Flight
let abandoned: number

beforeEach(() => {
  let count = 0
  timers = new Map()
  clock = {
    now: () => 0,
    wallMs: () => 0,
    timer(delayMs, task) {
      const id = delayMs + count++ / 1_000
      timers.set(id, task)
      return { cancel: () => timers.delete(id) }
    },
    endOfTick: (task) => queueMicrotask(task),
  }
  abandoned = 0
  flight = new Flight({ key: 'user:7', partition: 0, mode: 'bounded', generation: 1, startedMs: 0 })
  flight.leaving = { abandoned: () => abandoned++ }
})

const fire = () => {
  for (const task of [...timers.values()]) task()
}

/** Joins and waits as a reader does. */
function wait(options: { signal?: AbortSignal; timeout?: '2s' } = {}): Promise<Landed> {
  return waitWith(patienceOf(options, { clock, signals }))
}

function waitWith(patience: Patience): Promise<Landed> {
  flight.join()
  return new Promise((resolve, reject) => {
    waitFor(flight, patience, { landed: resolve, failed: reject })
  })
}

const codeOf = (code: string) => expect.objectContaining({ code })

describe('a caller without limits', () => {
  test('waits on the flight itself and sets no timer', async () => {
    const waiting = wait()
    expect(timers.size).toBe(0)
    flight.land(landed)
    expect(await waiting).toBe(landed)
  })
})

describe('a caller whose time is up', () => {
  test('gets SP_TIMEOUT, and has left', async () => {
    const waiting = wait({ timeout: '2s' })
    expect([...timers.keys()]).toEqual([2_000])
    fire()
    await expect(waiting).rejects.toEqual(codeOf('SP_TIMEOUT'))
    expect([flight.isAbandoned, abandoned]).toEqual([true, 1])
  })

  test('takes nobody along', async () => {
    const patient = wait()
    const hasty = wait({ timeout: '2s' })
    fire()
    await expect(hasty).rejects.toEqual(codeOf('SP_TIMEOUT'))
    expect(abandoned).toBe(0)
    flight.land(landed)
    expect(await patient).toBe(landed)
  })
})

describe('a caller whose signal fires', () => {
  test('gets SP_ABORTED with the reason as cause, and has left', async () => {
    const controller = new AbortController()
    const waiting = wait({ signal: controller.signal })
    const reason = new Error('the browser has gone')
    controller.abort(reason)
    const error = await waiting.catch((one: unknown) => one)
    expect(error).toMatchObject({ code: 'SP_ABORTED', cause: reason })
    expect(abandoned).toBe(1)
  })

  test('before it began to wait is refused at once, and leaves no timer', async () => {
    const waiting = wait({ signal: AbortSignal.abort(), timeout: '2s' })
    await expect(waiting).rejects.toEqual(codeOf('SP_ABORTED'))
    expect(timers.size).toBe(0)
    expect(abandoned).toBe(1)
  })

  test('has left once, though its time is up as well', async () => {
    const controller = new AbortController()
    const other = wait()
    const waiting = wait({ signal: controller.signal, timeout: '2s' })
    const late = [...timers.values()]
    controller.abort()
    for (const task of late) task()
    await expect(waiting).rejects.toEqual(codeOf('SP_ABORTED'))
    expect(timers.size).toBe(0)
    flight.land(landed)
    expect(await other).toBe(landed)
  })
})

describe('an answer in time', () => {
  test('ends the timer and the interest in the signal', async () => {
    const controller = new AbortController()
    const waiting = wait({ signal: controller.signal, timeout: '2s' })
    flight.land(landed)
    expect(await waiting).toBe(landed)
    expect(timers.size).toBe(0)
    controller.abort()
    await settle()
    expect(abandoned).toBe(0)
  })

  test('that is an error reaches the caller unchanged, and ends the timer', async () => {
    const waiting = wait({ timeout: '2s' })
    const failure = new Error('the source is down')
    flight.crash(failure)
    await expect(waiting).rejects.toBe(failure)
    expect(timers.size).toBe(0)
  })
})

describe('a timeout that is no duration', () => {
  test.each(['soon', 0, -5, Number.POSITIVE_INFINITY])('%s is SP_OPTION_INVALID', (timeout) => {
    // What callers in plain JavaScript can pass.
    const options: object = { timeout }
    expect(() => checkGet(options)).toThrowError(codeOf('SP_OPTION_INVALID'))
  })
})

describe('callers with one signal', () => {
  test('share a listener, and leave together when it fires', async () => {
    const controller = new AbortController()
    const { signal } = controller
    const listening = vi.spyOn(signal, 'addEventListener')
    const dropping = vi.spyOn(signal, 'removeEventListener')
    const waits = Array.from({ length: 20 }, () => wait({ signal }))
    expect(listening.mock.calls.length).toBe(1)
    controller.abort()
    for (const waiting of waits) await expect(waiting).rejects.toEqual(codeOf('SP_ABORTED'))
    expect([dropping.mock.calls.length, abandoned]).toEqual([1, 1])
  })
})

describe('a caller of many keys', () => {
  test('has one timer and one listener, and drops both when all have their answer', async () => {
    const { signal } = new AbortController()
    const listening = vi.spyOn(signal, 'addEventListener')
    const dropping = vi.spyOn(signal, 'removeEventListener')
    const patience = patienceOf({ signal, timeout: '2s' }, { clock, signals })
    const waits = Array.from({ length: 20 }, () => waitWith(patience))
    expect([timers.size, listening.mock.calls.length]).toEqual([1, 1])
    flight.land(landed)
    await Promise.all(waits)
    expect([timers.size, dropping.mock.calls.length]).toEqual([0, 1])
  })
})

describe('options of a read', () => {
  test.each<[string, object, string]>([
    ['a consistency that there is not', { consistency: 'eventual' }, 'SP_OPTION_INVALID'],
    ['a signal that is none', { signal: { aborted: false } }, 'SP_OPTION_INVALID'],
    ['an option that nobody knows', { timeOut: '2s' }, 'SP_OPTION_UNKNOWN'],
  ])('with %s are refused', (_, options, code) => {
    expect(() => checkGet(options)).toThrowError(codeOf(code))
  })

  test('that say nothing set no limit', () => {
    expect(patienceOf({}, { clock, signals }).isEndless).toBe(true)
  })
})

describe('a step before the flight', () => {
  test('is waited for as long as the caller waits at all', async () => {
    const patience = patienceOf({ timeout: '2s' }, { clock, signals })
    const left = patience.outlast(new Promise(() => {}))
    fire()
    expect((await left)?.('user:7')).toMatchObject({ code: 'SP_TIMEOUT' })
  })

  test('that is faster leaves nothing behind', async () => {
    const patience = patienceOf({ timeout: '2s' }, { clock, signals })
    expect(await patience.outlast(Promise.resolve())).toBeUndefined()
    expect(timers.size).toBe(0)
  })
})
