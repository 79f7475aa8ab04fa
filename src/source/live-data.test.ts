import { expect, test } from 'vitest'
import type { Timer } from '../core/contracts/clock.ts'
import { VirtualClock } from '../testing/virtual-clock.ts'
import {
  fallMs,
  openWorld,
  returnMs,
  silentMs,
  switches,
  talk,
  withPollInUse,
} from './world.test-support.ts'

test('data of the stream are taken while the others rest', async () => {
  const world = openWorld()
  world.wire.say({ id: 'a', seq: 1, bid: 0.4 })
  await world.clock.advance(5_000)
  expect(world.live.get('a')).toMatchObject({ value: { bid: 0.4 }, source: 'wire', isLive: true })
  expect(world.live.stats().active).toBe('wire')
  expect([world.of('wire').state, world.of('poll').state]).toEqual(['up', 'resting'])
  expect([world.poll.asked, world.last.asked]).toEqual([0, 0])
})

test('a stream that is down for the fall time is replaced by the poll', async () => {
  const world = openWorld()
  world.wire.say({ id: 'a', seq: 1 })
  world.wire.fault = new Error('refused')
  world.wire.cut()
  await world.clock.advance(fallMs - 1)
  expect(world.live.stats().active).toBe('wire')
  await world.clock.advance(2)
  expect(world.live.stats().active).toBe('poll')
  expect(world.poll.asked).toBe(1)
  expect(switches(world)).toEqual(['undefined → wire: opened', 'wire → poll: down'])
})

test('a stream that comes straight back with data is not replaced', async () => {
  const world = openWorld()
  world.wire.say({ id: 'a', seq: 1 })
  world.wire.cut()
  await world.clock.advance(500)
  world.wire.say({ id: 'a', seq: 2 })
  await world.clock.advance(fallMs)
  expect(world.live.stats()).toMatchObject({ active: 'wire', switches: 0 })
  expect(world.of('wire').failures).toBe(1)
})

test('a stream that is open but silent counts as down, and is replaced at once', async () => {
  const world = openWorld()
  world.wire.say({ id: 'a', seq: 1 })
  await world.clock.advance(silentMs - 1)
  expect(world.of('wire').state).toBe('up')
  await world.clock.advance(2)
  expect(world.of('wire')).toMatchObject({ state: 'down', failures: 1 })
  expect(world.of('wire').lastError).toContain('SP_SOURCE_SILENT')
  expect(world.live.stats().active).toBe('poll')
})

test('a silent stream is closed and opened anew', async () => {
  const world = openWorld()
  await world.clock.advance(silentMs + 1_000)
  expect(world.wire.closed).toBe(1)
  expect(world.wire.opened).toHaveLength(2)
  expect(world.wire.isOpen).toBe(true)
})

test('rows that are no data do not keep a stream up', async () => {
  const world = openWorld()
  world.wire.say({ id: 'a', seq: 1 })
  await world.clock.advance(silentMs / 2)
  world.wire.say('remark', { no: 'quote' })
  await world.clock.advance(silentMs / 2 + 1)
  expect(world.of('wire').state).toBe('down')
})

test('the stream is returned to when it has been up for the return time, not before', async () => {
  const world = await withPollInUse()
  world.wire.fault = undefined
  await world.clock.advance(15_000)
  await talk(world, returnMs - 1_000, 2)
  expect(world.live.stats().active).toBe('poll')
  await talk(world, 2_000, 1_000_000)
  expect(world.live.stats().active).toBe('wire')
  expect(world.of('poll').state).toBe('resting')
  expect(switches(world).at(-1)).toBe('poll → wire: recovered')
})

/** As real clocks: each look takes time, and timers fire before they are due. */
class HastyClock extends VirtualClock {
  readonly #earlyMs: number
  #spentMs = 0

  constructor(earlyMs: number) {
    super()
    this.#earlyMs = earlyMs
  }

  override now(): number {
    this.#spentMs += 0.01
    return super.now() + this.#spentMs
  }

  override timer(delayMs: number, task: () => void): Timer {
    return super.timer(delayMs - this.#earlyMs, task)
  }
}

test('a timer that fires early is no reason to miss a return, however early', async () => {
  const missed: number[] = []
  for (let earlyMs = 0; earlyMs < 1; earlyMs += 0.005) {
    const clock = new HastyClock(earlyMs)
    const world = openWorld({ returnAfter: silentMs }, clock)
    await clock.advance(fallMs + 1)
    for (let at = 0; at <= silentMs; at += 5_000) {
      world.wire.say({ id: 'a', seq: at })
      await clock.advance(5_000)
    }
    if (world.live.stats().active !== 'wire') missed.push(earlyMs)
  }
  expect(missed).toEqual([])
})

test('data of a stream that is coming back are taken before it is relied on', async () => {
  const world = await withPollInUse()
  world.wire.fault = undefined
  await world.clock.advance(15_000)
  world.wire.say({ id: 'a', seq: 9, bid: 0.9 })
  expect(world.live.stats().active).toBe('poll')
  expect(world.live.get('a')).toMatchObject({ source: 'wire', value: { bid: 0.9 } })
})

test('a stream that comes and goes for an hour is left once and never returned to', async () => {
  const world = openWorld()
  for (let seq = 1; seq < 240; seq++) {
    world.wire.say({ id: 'a', seq })
    await world.clock.advance(10_000)
    world.wire.cut()
    await world.clock.advance(5_000)
  }
  expect(world.live.stats().active).toBe('poll')
  expect(world.live.stats().switches).toBe(1)
})

test('with poll and stream down the last resort is asked, and its values are marked', async () => {
  const world = openWorld()
  world.wire.fault = new Error('refused')
  world.poll.answer = () => Promise.reject(new Error('502'))
  world.last.answer = () => [{ id: 'a', seq: 3, bid: 0.3 }]
  await world.clock.advance(2 * fallMs + 1)
  expect(world.live.stats().active).toBe('last')
  expect(world.live.get('a')).toMatchObject({ source: 'last', isLive: false })
})

test('with everything down the last resort stays in use, and the poll is returned to', async () => {
  const world = openWorld()
  world.wire.fault = new Error('refused')
  world.poll.answer = () => Promise.reject(new Error('502'))
  world.last.answer = () => Promise.reject(new Error('no database'))
  await world.clock.advance(60_000)
  expect(world.live.stats()).toMatchObject({ active: 'last', switches: 2 })
  expect(world.live.stats().sources.map(({ state }) => state)).toEqual(['down', 'down', 'down'])
  world.poll.answer = () => [{ id: 'a', seq: 1 }]
  await world.clock.advance(30_000 + returnMs)
  expect(world.live.stats()).toMatchObject({ active: 'poll', switches: 3 })
  expect(world.of('last').state).toBe('resting')
})

test('a source that is switched off is left at once and asked no more', async () => {
  const world = await withPollInUse()
  world.live.disable('poll')
  expect(world.live.stats().active).toBe('last')
  expect(world.of('poll').state).toBe('off')
  const { asked } = world.poll
  await world.clock.advance(60_000)
  expect(world.poll.asked).toBe(asked)
  expect(switches(world).at(-1)).toBe('poll → last: disabled')
})

test('a source that is switched on again is returned to after the return time', async () => {
  const world = openWorld()
  world.wire.say({ id: 'a', seq: 1 })
  world.live.disable('wire')
  expect(world.wire.isOpen).toBe(false)
  expect(world.live.stats().active).toBe('poll')
  world.live.enable('wire')
  expect(world.wire.isOpen).toBe(true)
  await talk(world, returnMs, 2)
  expect(world.live.stats().active).toBe('poll')
  await talk(world, 1_000, 1_000_000)
  expect(world.live.stats().active).toBe('wire')
})

test('with all switched off nothing runs, and the first that is on is used', async () => {
  const world = openWorld()
  for (const name of ['wire', 'poll', 'last']) world.live.disable(name)
  const asked = world.poll.asked + world.last.asked
  await world.clock.advance(60_000)
  expect(world.live.stats().active).toBeUndefined()
  expect([world.wire.isOpen, world.poll.asked + world.last.asked]).toEqual([false, asked])
  world.live.enable('last')
  expect(world.live.stats().active).toBe('last')
})

test('a switch that does not exist is refused with the names that do', () => {
  const { live } = openWorld()
  expect(() => live.disable('carrier pigeon')).toThrow(/SP_OPTION_INVALID.*wire, poll, last/)
})

test('every transition is told once', async () => {
  const world = await withPollInUse()
  await world.clock.advance(20_000)
  const states = world.events.flatMap((event) =>
    event.kind === 'state' ? `${event.source} ${event.before} → ${event.state}` : [],
  )
  expect(states).toEqual([
    'wire resting → down',
    'wire down → up',
    'wire up → down',
    'poll resting → down',
    'poll down → up',
  ])
})

test('an observer that throws is counted, and stops nothing', async () => {
  const fail = () => {
    throw new Error('observer')
  }
  const world = openWorld({ onData: fail, onEvent: fail })
  world.wire.say({ id: 'a', seq: 1 })
  expect(world.live.get('a')).toBeDefined()
  expect(world.of('wire').state).toBe('up')
  expect(world.live.stats().observerErrors).toBe(4)
})

test('numbers say how long a source was relied on, and how old its newest value is', async () => {
  const world = openWorld({ time: () => Date.UTC(2026, 0, 1) - 500 })
  await world.clock.advance(1_000)
  world.wire.say({ id: 'a', seq: 1 })
  await world.clock.advance(4_000)
  expect(world.of('wire')).toMatchObject({
    activeMs: 5_000,
    activations: 1,
    lastSuccessAgeMs: 4_000,
    newestAgeMs: 5_500,
    stateMs: 4_000,
  })
  expect(world.of('wire').latency.maxMs).toBeCloseTo(1_000)
  expect(world.of('poll')).toMatchObject({ activeMs: 0, lastSuccessAgeMs: undefined })
  world.live.disable('wire')
  await world.clock.advance(3_000)
  expect(world.of('wire').activeMs).toBe(5_000)
  expect(world.of('poll').activeMs).toBe(3_000)
})
