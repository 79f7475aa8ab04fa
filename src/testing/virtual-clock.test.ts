import { describe, expect, test } from 'vitest'
import { VirtualClock } from './virtual-clock.ts'
import { VirtualTime } from './virtual-time.ts'

/** What happened, in order. */
function diary() {
  const lines: string[] = []
  return { lines, note: (line: string) => () => void lines.push(line) }
}

describe('virtual time', () => {
  test('happens in the order of its times, whatever the order of asking', async () => {
    const { lines, note } = diary()
    const time = new VirtualTime()
    for (const ms of [30, 10, 20, 10]) time.at(ms, note(`${ms}`))
    await time.advance(25)
    expect(lines).toEqual(['10', '10', '20'])
    expect(time.nowMs).toBe(25)
  })

  test('keeps its order with many events', async () => {
    const time = new VirtualTime()
    const seen: number[] = []
    for (let count = 0; count < 500; count++) {
      const ms = (count * 7919) % 503
      time.at(ms, () => seen.push(ms))
    }
    await time.advance(503)
    expect(seen).toEqual([...seen].sort((one, other) => one - other))
    expect(seen).toHaveLength(500)
  })

  test('lets promises settle, and then ends the tick, before anything else happens', async () => {
    const { lines, note } = diary()
    const time = new VirtualTime()
    time.at(1, () => {
      time.endOfTick(note('end of tick'))
      void Promise.resolve()
        .then(() => {})
        .then(() => {})
        .then(note('promise'))
    })
    time.at(1, note('next'))
    await time.advance(1)
    expect(lines).toEqual(['promise', 'end of tick', 'next'])
  })

  test('does what is due at once without being told to go on', async () => {
    const time = new VirtualTime()
    await new Promise<void>((resolve) => time.endOfTick(resolve))
    await new Promise<void>((resolve) => void time.at(0, resolve))
    expect(time.nowMs).toBe(0)
  })

  test('forgets what was cancelled', async () => {
    const { lines, note } = diary()
    const time = new VirtualTime()
    const timer = time.at(1, note('cancelled'))
    expect(time.waiting).toBe(1)
    timer.cancel()
    expect(time.waiting).toBe(0)
    await time.advance(5)
    expect(lines).toEqual([])
  })
})

describe('the clock of a process', () => {
  test('counts at its own rate from its own beginning, and its timers with it', async () => {
    const time = new VirtualTime()
    const clock = new VirtualClock({ time, offsetMs: 1000, rate: 2, wallMs: 5000 })
    let firedMs = 0
    clock.timer(100, () => {
      firedMs = clock.now()
    })
    await clock.advance(49)
    expect(firedMs).toBe(0)
    await clock.advance(51)
    expect(firedMs).toBeCloseTo(1100, 3)
    expect(clock.now()).toBe(1200)
    clock.stepWall(-3000)
    expect(clock.wallMs()).toBe(2200)
    expect(clock.now()).toBe(1200)
  })

  test('goes on while its process is paused; what came meanwhile happens afterwards', async () => {
    const { lines, note } = diary()
    const clock = new VirtualClock()
    clock.timer(10, note('timer'))
    clock.pause()
    await clock.advance(50)
    clock.receive(note('message'), 'bus')
    expect(lines).toEqual([])
    expect(clock.now()).toBe(50)
    clock.resume()
    await clock.advance(0)
    expect(lines).toEqual(['timer', 'message'])
  })

  test('keeps the order of each stream when it goes on, whichever stream comes first', async () => {
    const { lines, note } = diary()
    const clock = new VirtualClock()
    clock.pause()
    clock.receive(note('command 1'), 'commands')
    clock.receive(note('message 1'), 'bus')
    clock.receive(note('command 2'), 'commands')
    clock.receive(note('message 2'), 'bus')
    clock.resume((streams) => streams - 1)
    await clock.advance(0)
    expect(lines).toEqual(['message 1', 'message 2', 'command 1', 'command 2'])
  })

  test('does nothing any more when its process was killed', async () => {
    const { lines, note } = diary()
    const clock = new VirtualClock()
    clock.timer(10, note('timer'))
    clock.endOfTick(note('end of tick'))
    clock.end()
    clock.receive(note('message'))
    await clock.advance(50)
    expect(lines).toEqual([])
  })
})
