/** What can be done to any server by commands; it is everybody's who uses that server. */
import { between } from '../chance.ts'
import { pause } from '../pause.ts'
import type { Fault } from './fault.ts'
import { losing } from './slots.ts'

const pauseMs = { least: 300, most: 1_500 }
const fullMs = 2_000
/** Less than any server uses: nothing more fits. */
const fullBytes = '1mb'

export const serverFaults: readonly Fault[] = [
  {
    name: 'everything flushed',
    run: (world) => losing(world, async () => void (await (await world.admin()).flushall())),
  },
  {
    name: 'memory full',
    run: async ({ admin }) => {
      const redis = await admin()
      const before = await Promise.all(
        ['maxmemory', 'maxmemory-policy'].map(async (name) => {
          const [, value] = await configOf(redis.config('GET', name))
          return [name, value ?? ''] as const
        }),
      )
      await redis.config('SET', 'maxmemory-policy', 'noeviction')
      await redis.config('SET', 'maxmemory', fullBytes)
      await pause(fullMs)
      for (const [name, value] of before) await redis.config('SET', name, value)
    },
  },
  {
    name: 'server paused',
    run: async ({ admin }) => {
      const ms = Math.round(between(pauseMs.least, pauseMs.most))
      await (await admin()).call('CLIENT', 'PAUSE', String(ms), 'ALL')
      await pause(ms)
    },
  },
]

async function configOf(asked: Promise<unknown>): Promise<readonly string[]> {
  const pair = await asked
  return Array.isArray(pair) ? pair.map(String) : []
}
