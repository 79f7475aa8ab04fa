import { expect, it } from 'vitest'
import { spawnWorker } from '../servers/processes.ts'
import { describeRedis } from './caches.ts'
import type { ReadingCalls } from './reading-worker.ts'
import { catalog } from './second-process.ts'

const values: Readonly<Record<string, unknown>> = {
  null: null,
  zero: 0,
  empty: '',
  false: false,
  nothing: undefined,
  nested: { a: [1, 'ü😀|', { b: null }] },
}

describeRedis('a second process', (bench) => {
  it('reads from both of its tiers what the first one stored', async () => {
    const cache = await bench.open(catalog, { sources: { any: (name) => values[name] } })
    const ids = Object.keys(values)
    expect(await cache.any.getMany(ids)).toEqual(Object.values(values))
    await cache.settled()
    const init = { redis: bench.server.url, namespace: bench.namespace }
    const worker = await spawnWorker<ReadingCalls>(
      new URL('./reading-worker.ts', import.meta.url),
      init,
    )
    for (const from of ['redis', 'memory']) {
      for (const id of ids) {
        expect(await worker.call('lookup', id)).toEqual({ from, value: values[id] })
      }
    }
    const unknown = await worker.call('lookup', 'elsewhere')
    expect(unknown.from).toBe('none')
    await worker.stop()
  })
})
