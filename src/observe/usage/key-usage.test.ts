import { expect, it } from 'vitest'
import { StaleproofError } from '../../core/errors.ts'
import type { ReadEvent } from '../../core/outcome.ts'
import { KeyUsage, usedKeysMax } from './key-usage.ts'

const families = {
  market: { template: 'market:{marketId}', isSensitive: false },
  wallet: { template: 'wallet:{userId:int}:{chain}', isSensitive: true },
}

const read = (key: string, rest: Partial<ReadEvent> = {}): ReadEvent => ({
  kind: 'read',
  family: key.split(':')[0] ?? '',
  id: key,
  key,
  priority: 'read',
  weight: 1,
  outcome: { from: 'memory', why: 'fresh', stale: false, value: 1, ageMs: 1 },
  ms: 0,
  ...rest,
})

it('counts a hit for as many reads as it stands for', () => {
  const usage = new KeyUsage({ families })
  usage.notify(read('market:1', { weight: 64 }))
  usage.notify(read('market:2'))
  expect(usage.hits).toBe(64)
  expect(usage.top(1)).toMatchObject([{ family: 'market', key: 'market:1', reads: 64 }])
})

it('tells no id of a sensitive family', () => {
  const usage = new KeyUsage({ families })
  usage.notify(read('wallet:7:polygon'))
  usage.notify(read('wallet:8:polygon'))
  expect(usage.top(5)).toMatchObject([{ family: 'wallet', key: 'wallet:*:*', reads: 2 }])
})

it('leaves out what nobody asked for', () => {
  const usage = new KeyUsage({ families })
  usage.notify(read('market:1', { priority: 'warm' }))
  usage.notify(read('market:1', { priority: 'refresh' }))
  usage.notify({ kind: 'fault', error: new StaleproofError('SP_CLOSED', 'closed') })
  expect(usage.top(5)).toEqual([])
})

it('says how large a part of all reads a key has', () => {
  const usage = new KeyUsage({ families })
  usage.notify(read('market:1', { weight: 192 }))
  usage.notify(read('market:2', { weight: 64 }))
  const shares = usage.top(5).map(({ key, share }) => [key, Math.round(share * 100)])
  expect(shares).toEqual([
    ['market:1', 75],
    ['market:2', 25],
  ])
})

it('forgets, so that what is read now comes before what was read more before', () => {
  let nowMs = 0
  const usage = new KeyUsage({ families, clock: { now: () => nowMs } })
  usage.notify(read('market:yesterday', { weight: 1_000 }))
  nowMs += 86_400_000
  usage.notify(read('market:today', { weight: 64 }))
  expect(usage.top(1)).toMatchObject([{ key: 'market:today', reads: 64 }])
})

it('holds no more keys than it may, whatever is read', () => {
  const usage = new KeyUsage({ families })
  for (let id = 0; id < 3 * usedKeysMax; id++) usage.notify(read(`market:${id}`))
  expect(usage.size).toBe(usedKeysMax)
  const errors = usage.top(usedKeysMax).map(({ error }) => error)
  // A thousandth of all reads, and one by rounding.
  expect(Math.max(...errors)).toBeLessThanOrEqual(3 + 1)
})
