// Closing live data: whatever is under way then, nothing is left of it, and nothing begins.
import { expect, test } from 'vitest'
import { VirtualClock } from '../testing/virtual-clock.ts'
import type { StreamSink } from './live-options.ts'
import { openWorld, silentMs, type World, withPollInUse } from './world.test-support.ts'

test('leaves no timer, no open stream and no read', async () => {
  const world = await withPollInUse()
  world.wire.fault = undefined
  world.poll.answer = () => new Promise<never>(() => {})
  await world.clock.advance(2_500)
  const closed = world.live.close()
  await world.clock.advance(1_001)
  await closed
  await world.live.close()
  expect(world.clock.time.waiting).toBe(0)
  expect(world.wire.isOpen).toBe(false)
  expect(world.poll.signal?.aborted).toBe(true)
})

test('leaves no timer either when a stream throws as it is closed', async () => {
  const clock = new VirtualClock()
  const throwing = ({ rows }: StreamSink) => {
    clock.timer(1, () => rows([{ id: 'a', seq: 1 }]))
    return () => {
      throw new Error('already closed')
    }
  }
  const sources = [
    { name: 'wire', stream: throwing, silentAfter: silentMs },
    { name: 'poll', poll: () => Promise.resolve([]), every: '2s', timeout: '1s' },
  ] as const
  const world = openWorld({ sources }, clock)
  await clock.advance(2)
  expect(world.of('wire').state).toBe('up')
  await world.live.close()
  expect(clock.time.waiting).toBe(0)
})

test('whoever is told of a choice may close, and no source is started any more', async () => {
  const closings: Promise<void>[] = []
  const world: World = openWorld({
    onEvent: (event) => {
      if (event.kind === 'switched' && event.from === 'wire') closings.push(world.live.close())
    },
  })
  world.wire.say({ id: 'a', seq: 1 })
  world.live.disable('wire')
  await Promise.all(closings)
  expect(closings).toHaveLength(1)
  expect([world.poll.asked, world.clock.time.waiting]).toEqual([0, 0])
})

test('what a stream says after it was closed is not heard', async () => {
  const world = openWorld()
  const [sink] = world.wire.opened
  await world.live.close()
  sink?.rows([{ id: 'a', seq: 1 }])
  sink?.lost(new Error('late'))
  await world.clock.advance(60_000)
  expect(world.live.stats().keys).toBe(0)
  expect(world.wire.opened).toHaveLength(1)
})
