import { expect, test } from 'vitest'
import { StaleproofError } from '../core/errors.ts'
import type { Answer, CommandLine } from '../inspect/index.ts'
import { VirtualClock } from '../testing/virtual-clock.ts'
import { KeyBook } from './key-book.ts'
import { interestMs, lookEveryMs, ServerWatch } from './server-watch.ts'

const info = 'redis_version:7.0.15\r\nused_memory:100\r\nevicted_keys:0\r\nconnected_clients:1\r\n'

const wholeScan = ['0', ['{shop:0}:k:market:1', '{other:0}:k:market:1']]

/** A server that counts what it is asked. */
function world(scan: (cursor: unknown) => unknown = () => wholeScan) {
  const clock = new VirtualClock()
  const asked: string[] = []
  const inspection = {
    call: async (command: string, ...args: readonly unknown[]) => {
      asked.push(command)
      return command === 'scan' ? scan(args[0]) : 0
    },
    pipeline: async (lines: readonly CommandLine[]): Promise<readonly Answer[]> => {
      return lines.map(([command]) => {
        asked.push(command)
        return { reply: command === 'info' ? info : [] }
      })
    },
  }
  const declared = { template: 'market:{id}', version: 'a', ttlMs: 1_000, maxStaleMs: 0 }
  const flags = { isEncrypted: false, isSensitive: false, hasSource: true, hitTarget: undefined }
  const keys = new KeyBook({ market: { ...declared, codec: 'json', ...flags } })
  const watch = new ServerWatch({ inspection, clock, keys, namespace: 'shop' })
  const looks = () => asked.filter((command) => command === 'info').length
  return { clock, watch, looks, asked }
}

test('looks once for all who ask, and again on its timer alone', async () => {
  const { clock, watch, looks } = world()
  const seen = await Promise.all(Array.from({ length: 100 }, () => watch.latest()))
  expect(seen[99]?.info.number('used_memory')).toBe(100)
  for (let at = 0; at < 100; at++) await watch.latest()
  expect(looks()).toBe(1)
  await clock.advance(3 * lookEveryMs + 1)
  expect(looks()).toBe(4)
  watch.stop()
})

test('stops looking when nobody has asked for a minute, and begins anew', async () => {
  const { clock, watch, looks } = world()
  await watch.latest()
  await clock.advance(5 * 60_000)
  const before = looks()
  expect(before).toBeLessThanOrEqual(13)
  await clock.advance(5 * 60_000)
  expect(looks()).toBe(before)
  await watch.latest()
  expect(looks()).toBe(before + 1)
  watch.stop()
})

test('counts keys by family, and those of its own namespace alone', async () => {
  const { watch } = world()
  expect((await watch.latest())?.keys).toEqual({ byFamily: { market: 1 }, isSampled: false })
  watch.stop()
})

test('a server that refuses to list its keys is looked at all the same', async () => {
  const { watch } = world(() => {
    throw new StaleproofError('SP_REDIS_REFUSED', 'NOPERM')
  })
  const look = await watch.latest()
  expect(look).toMatchObject({ keys: undefined, withheld: ['scan'] })
  watch.stop()
})

test('the next count goes on where the last one has stopped', async () => {
  const begun: string[] = []
  const { watch, clock } = world((cursor) => {
    begun.push(String(cursor))
    return [String(Number(cursor) + 1), []]
  })
  await watch.latest()
  const first = begun.length
  await clock.advance(interestMs - 1)
  await watch.latest()
  await clock.advance(lookEveryMs + 1)
  expect(begun[first]).toBe(String(first))
  watch.stop()
})
