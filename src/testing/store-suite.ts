/**
 * The contract of a second tier as tests: whatever implements `Remote` (a slot store and
 * its bus) must pass them. They bring no test runner: give them yours.
 *
 * @example
 * import { describe, expect, it } from 'vitest'
 * describeStore({ describe, expect, it }, 'my store', openMyStore)
 */
import type { Remote } from '../core/contracts/remote.ts'
import { barriers } from './store-suite/barriers.ts'
import { beats } from './store-suite/beats.ts'
import { StoreBench, type SuiteTools, type Topic } from './store-suite/bench.ts'
import { fills } from './store-suite/fills.ts'
import { invalidations } from './store-suite/invalidations.ts'
import { leases } from './store-suite/leases.ts'
import { locks } from './store-suite/locks.ts'
import { patterns } from './store-suite/patterns.ts'
import { quarantines, settles } from './store-suite/quarantines.ts'
import { raises } from './store-suite/raises.ts'
import { reads } from './store-suite/reads.ts'
import { sets } from './store-suite/sets.ts'
import { takes } from './store-suite/takes.ts'

export type { SuiteTools } from './store-suite/bench.ts'

/** One store, empty and not yet opened, with one partition, and hands on its server. */
export interface StoreWorld {
  readonly remote: Remote
  text(key: string): Promise<string | undefined>
  /** As PTTL: -2 absent, -1 never. */
  ttlMs(key: string): Promise<number>
  /** Undefined: a key that is no text. */
  putText(key: string, text: string | undefined, lifeMs: number): Promise<void>
  /** The record of groups is lost, or replaced by a key that is none. */
  loseRecord(how: 'absent' | 'foreign'): Promise<void>
  /** The key of a lock is evicted. */
  loseLock(name: string): Promise<void>
  /** The key of a bucket is evicted. */
  loseBucket(name: string): Promise<void>
  /** Also closes the remote. */
  close(): Promise<void>
}

const TOPICS: Readonly<Record<string, Topic>> = {
  reads,
  leases,
  fills,
  sets,
  invalidations,
  quarantines,
  'invalidations that settle': settles,
  'group invalidations': raises,
  patterns,
  barriers,
  locks,
  takes,
  'beats and the bus': beats,
}

export function describeStore(
  tools: SuiteTools,
  name: string,
  open: () => Promise<StoreWorld>,
): void {
  const topics = () => {
    for (const [topic, define] of Object.entries(TOPICS)) {
      tools.describe(topic, () =>
        define(tools, (title, body) => check(tools, { title, body, open })),
      )
    }
  }
  tools.describe(name, topics)
}

interface Check {
  readonly title: string
  readonly body: (bench: StoreBench) => Promise<void>
  readonly open: () => Promise<StoreWorld>
}

function check(tools: SuiteTools, { title, body, open }: Check): void {
  tools.it(title, async () => {
    const world = await open()
    try {
      await body(await StoreBench.open(world))
    } finally {
      await world.close()
    }
  })
}
