import type { Topic } from './bench.ts'

export const raises: Topic = ({ expect }, test) => {
  test('move the clock of their tags, and of no other', async (bench) => {
    const { epoch } = bench
    const reply = await bench.raise('a', 'b%2C')
    expect(reply).toMatchObject({ epoch, seq: 1, receivers: 1 })
    expect(reply.clock).toBeGreaterThan(bench.clock)
    const read = await bench.store.read(0, { keys: [], heads: [], tags: ['a', 'b%2C', 'c'] })
    expect(read.tagClocks).toEqual([reply.clock, reply.clock, 0])
    const { clock } = reply
    const message = { kind: 'tags', epoch, seq: 1, clock, tags: ['a', 'b%2C'] }
    expect(await bench.message()).toMatchObject(message)
  })

  test('without tags move the floor', async (bench) => {
    const { clock, epoch } = await bench.raise()
    const read = await bench.store.read(0, { keys: [], heads: [], tags: ['a'] })
    expect(read).toMatchObject({ floor: clock, tagClocks: [0] })
    expect(await bench.message()).toMatchObject({ kind: 'floor', epoch, seq: 1, clock })
  })

  test('always move on, and are seen by the next lease', async (bench) => {
    let last = bench.clock
    for (const tags of [['a'], ['a'], [], ['b']]) {
      const { clock } = await bench.raise(...tags)
      expect(clock).toBeGreaterThan(last)
      last = clock
    }
    await bench.lease([])
    expect(bench.clock).toBe(last)
  })

  test('begin a new record where it is lost or not ours', async (bench) => {
    for (const how of ['absent', 'foreign'] as const) {
      await bench.put('k', bench.value())
      await bench.world.loseRecord(how)
      const raised = await bench.raise('a')
      expect(raised).toMatchObject({ seq: 1 })
      expect(raised.epoch).not.toBe(bench.epoch)
      expect(await bench.leaseOne('k')).toMatchObject({ kind: 'granted' })
      await bench.invalidate('k')
    }
  })

  test('of more tags than a record holds leave a floor in their place', async (bench) => {
    let last = bench.clock
    for (let from = 0; from < 100_000; from += 1_000) {
      const tags = Array.from({ length: 1_000 }, (_, at) => `user:${from + at}`)
      last = (await bench.raise(...tags)).clock
    }
    const next = await bench.raise('one')
    const read = await bench.store.read(0, { keys: [], heads: [], tags: ['user:7', 'one'] })
    expect(read).toMatchObject({ floor: last, tagClocks: [0, next.clock], epoch: bench.epoch })
    expect(next).toMatchObject({ epoch: bench.epoch, seq: 101 })
  })
}
