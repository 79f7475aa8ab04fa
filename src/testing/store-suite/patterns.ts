import { scanKeysMax } from '../../core/contracts/store.ts'
import { NOTE, type StoreBench, type Topic } from './bench.ts'

async function scanned(bench: StoreBench, pattern: string): Promise<string[]> {
  const found = new Set<string>()
  for await (const batch of bench.store.scan(pattern)) {
    for (const key of batch) found.add(key)
  }
  return [...found].sort()
}

export const patterns: Topic = ({ expect }, test) => {
  test('are numbered and told, and change nothing else', async (bench) => {
    await bench.stored('market:1')
    const held = await bench.text('market:1')
    const request = { ...NOTE, pattern: 'market:*', barrier: undefined }
    const reply = await bench.store.tellPattern(0, request)
    expect(reply).toEqual({ epoch: bench.epoch, seq: 1, receivers: 1 })
    expect(await bench.message()).toMatchObject({ kind: 'pattern', pattern: 'market:*', seq: 1 })
    expect(await bench.text('market:1')).toBe(held)
  })

  test('are told as active keys are, which change nothing either', async (bench) => {
    await bench.stored('market:1')
    const held = await bench.text('market:1')
    const reply = await bench.store.tellActive(0, { ...NOTE, keys: ['market:1', 'market:2'] })
    expect(reply).toEqual({ epoch: bench.epoch, seq: 1, receivers: 1 })
    const told = { kind: 'active', keys: ['market:1', 'market:2'], seq: 1 }
    expect(await bench.message()).toMatchObject(told)
    expect(await bench.text('market:1')).toBe(held)
  })

  test('have no number without a record of groups', async (bench) => {
    await bench.world.loseRecord('absent')
    const request = { ...NOTE, pattern: 'market:*', barrier: undefined }
    const reply = await bench.store.tellPattern(0, request)
    expect(reply).toEqual({ epoch: undefined, seq: undefined, receivers: 1 })
  })

  test('find every slot that they match, whatever is in it, and no other', async (bench) => {
    await bench.stored('market:1')
    await bench.granted('market:22')
    await bench.place('market:3:x', 'writer')
    await bench.stored('markets:1')
    await bench.stored('market:%2A')
    await bench.store.lock(0, { name: 'market:1', token: 't', ttlMs: 60_000 })
    const all = ['market:%2A', 'market:1', 'market:22', 'market:3:x']
    expect(await scanned(bench, 'market:*')).toEqual(all)
    expect(await scanned(bench, 'market:?')).toEqual(['market:1'])
    expect(await scanned(bench, '*:1')).toEqual(['market:1', 'markets:1'])
    expect(await scanned(bench, 'market:%2A')).toEqual(['market:%2A'])
    expect(await scanned(bench, 'none:*')).toEqual([])
  })

  test('find slots in batches of a bounded size', async (bench) => {
    const keys = Array.from({ length: 2 * scanKeysMax + 200 }, (_, at) => `many:${at}`)
    await Promise.all(keys.map((key) => bench.put(key, 'x')))
    const found = new Set<string>()
    let largest = 0
    for await (const batch of bench.store.scan('many:*')) {
      largest = Math.max(largest, batch.length)
      for (const key of batch) found.add(key)
    }
    expect([...found].sort()).toEqual(keys.sort())
    expect(largest).toBe(scanKeysMax)
  })
}
