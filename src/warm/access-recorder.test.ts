import { expect, test } from 'vitest'
import { recordedMax, recordedNamesMax } from './access-recorder.ts'
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

test('writes so many lines, and of so many keys, however much is read', async () => {
  const { cache } = await openWarmWorld()
  const warmer = openWarmer(cache, { clock: cache.clock })
  let [keys, lines] = [new Set<string>(), 0]
  const write = (line: string) => {
    lines++
    keys.add(line.split(',')[1] ?? '')
  }
  recordAccesses(warmer, { write })
  for (let at = 0; at < recordedNamesMax + 10; at++) warmer.note({ family: 'page', id: `${at}` })
  const header = 1
  expect([lines - header, keys.size - header]).toEqual([recordedNamesMax, recordedNamesMax])
  keys = new Set()
  for (let at = 0; at < recordedMax; at++) warmer.note({ family: 'page', id: '0' })
  expect([lines - header, [...keys]]).toEqual([recordedMax, ['page:0']])
  await warmer.close()
})
