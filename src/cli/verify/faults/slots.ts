/** What a server may forget, as by eviction: slots, and the records beside them. Ours alone. */
import { hostMs } from '../../../system.ts'
import { pick } from '../chance.ts'
import { pause } from '../pause.ts'
import { allNames, keyOf } from '../registers.ts'
import type { Fault, World } from './fault.ts'

const evictions = 60
const betweenMs = 20

export const slotFaults: readonly Fault[] = [
  {
    name: 'slots evicted',
    run: (world) =>
      losing(world, async () => {
        const redis = await world.admin()
        for (let count = 0; count < evictions; count++) {
          await redis.del(`{${world.namespace}:0}:k:${keyOf(pick(allNames))}`)
          await pause(betweenMs)
        }
      }),
  },
  {
    name: 'record of groups evicted',
    run: async ({ admin, namespace }) => {
      await (await admin()).del(`{${namespace}:0}:m`)
    },
  },
  {
    name: 'barrier registry evicted',
    run: async ({ admin, namespace }) => {
      await (await admin()).del(`{${namespace}:0}:b`)
    },
  },
]

/** Quarantines may be lost meanwhile, which the promise does not survive with their writers. */
export async function losing(world: World, run: () => Promise<void>): Promise<void> {
  const fromMs = hostMs()
  try {
    await run()
  } finally {
    world.database.slotsLost({ fromMs, toMs: hostMs() })
  }
}
