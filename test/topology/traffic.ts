/** Readers and writers of one world that run until they are stopped. */
import { afterEach } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import type { ItemCache, TopologyWorld } from './world.ts'

export interface RunningTraffic {
  /** What callers were told, other than values and receipts. */
  readonly failures: readonly string[]
  /** Resolves when so many more operations have ended. */
  more(count: number): Promise<void>
  stop(): Promise<void>
}

export interface TrafficOptions {
  /** A writer may be told that its invalidation is pending: then that is no failure. */
  readonly mayPend: boolean
}

export interface Traffic {
  start(
    caches: readonly ItemCache[],
    ids: readonly number[],
    options?: TrafficOptions,
  ): RunningTraffic
}

/** Reads from memory alone would leave no room for anything else. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Traffic that a failing test has not stopped is stopped after it. */
export function useTraffic(world: () => TopologyWorld): Traffic {
  const running: RunningTraffic[] = []
  afterEach(async () => {
    await Promise.all(running.splice(0).map((traffic) => traffic.stop()))
  })
  return {
    start(caches, ids, options = { mayPend: false }) {
      const traffic = run(world(), { caches, ids, ...options })
      running.push(traffic)
      return traffic
    },
  }
}

interface Plan extends TrafficOptions {
  readonly caches: readonly ItemCache[]
  readonly ids: readonly number[]
}

function run(world: TopologyWorld, { caches, ids, mayPend }: Plan): RunningTraffic {
  const failures: string[] = []
  let isStopped = false
  let operations = 0
  const note = (error: unknown) => {
    const isPending = String(error).includes('SP_INVALIDATION_PENDING')
    if (!(isPending && mayPend)) failures.push(String(error))
  }
  const reader = async (cache: ItemCache, stride: number) => {
    for (let at = stride; !isStopped; at += stride) {
      await world.read(cache, ids[at % ids.length] ?? 1).catch(note)
      operations += 1
      await turn()
    }
  }
  const writer = async (cache: ItemCache, first: number) => {
    for (let at = first; !isStopped; at += caches.length) {
      await world.write(cache, ids[at % ids.length] ?? 1).catch(note)
      operations += 1
      await turn()
    }
  }
  const all = caches.flatMap((cache, at) => [reader(cache, 7), reader(cache, 3), writer(cache, at)])
  return {
    failures,
    async more(count) {
      const target = operations + count
      await eventually(`${count} more operations`, () => operations >= target, 30_000)
    },
    async stop() {
      isStopped = true
      await Promise.all(all)
    },
  }
}
