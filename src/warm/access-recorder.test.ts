import { expect, test } from 'vitest'
import { openWarmer, recordAccesses } from './index.ts'
import { openWarmWorld } from './warm-world.test-support.ts'

test('writes what is read as a trace, with numbers for ids and groups', async () => {
  const { cache } = await openWarmWorld()
  const warmer = openWarmer(cache, { clock: cache.clock, who: (_, id) => `user ${id}` })
  const lines: string[] = []
  const end = recordAccesses(warmer, { write: (line) => lines.push(line) })
  for (const id of ['ada', 'bob', 'ada']) {
    const read = cache.page.get(id)
    await cache.clock.advance(500)
    await read
  }
  warmer.note({ family: 'short', id: 'ada' })
  end()
  await cache.page.get('ada')
  expect(lines).toEqual([
    'timestamp_s,key,size,op,ttl,client',
    '0.000,page:0,,get,300,0',
    '0.500,page:1,,get,300,1',
    '0.900,page:0,,get,300,0',
    '1.400,short:2,,get,30,',
  ])
  await warmer.close()
})

test('knows who reads, where it is told, and leaves out what is only noted then', async () => {
  const { cache } = await openWarmWorld()
  const warmer = openWarmer(cache, { clock: cache.clock })
  const lines: string[] = []
  recordAccesses(warmer, { write: (line) => lines.push(line), who: () => 'ada' })
  warmer.note({ family: 'page', id: 'a', who: 'bob' })
  void cache.page.get('a')
  await cache.clock.advance(500)
  expect(lines.slice(1)).toEqual(['0.000,page:0,,get,300,0'])
  await warmer.close()
})

test('leaves out what warming reads', async () => {
  const { cache } = await openWarmWorld()
  const warmer = openWarmer(cache, { clock: cache.clock })
  const lines: string[] = []
  recordAccesses(warmer, { write: (line) => lines.push(line) })
  void warmer.preload({ family: 'page', ids: ['ada'] })
  await cache.clock.advance(1_000)
  expect(lines).toHaveLength(1)
  await warmer.close()
})
