/** The partitions as a process knows them before it has heard of any. */
import { GroupClocks, Registry, ReplayRing, ServerTime, Trust } from '../coherence/index.ts'
import type { Store } from '../core/contracts/store.ts'
import type { ResolvedOptions } from '../core/resolved-options.ts'
import { wireVersion } from '../core/slot.ts'
import { Breaker } from '../resilience/index.ts'
import type { Engine, Partition } from './engine.ts'

/** What all processes must agree on: `wire|partitions|Δ`. */
export function agreedSettings({ partitions }: Store, { trustMs }: ResolvedOptions): string {
  return `${wireVersion}|${partitions}|${trustMs}`
}

export function partitionsOf(
  store: Store,
  options: ResolvedOptions,
  { flights, watchers, meter, clock }: Pick<Engine, 'flights' | 'watchers' | 'meter' | 'clock'>,
): readonly Partition[] {
  const agreed = agreedSettings(store, options)
  return Array.from({ length: store.partitions }, (_, index): Partition => {
    const groups = new GroupClocks()
    const trust = new Trust(options.trustMs, agreed, (reason) => {
      meter.trustLost(reason)
      flights.doomPartition(index)
      groups.reset()
    })
    const onChange = (isOpen: boolean) => {
      const reason = isOpen ? 'no answer in time' : 'answers again'
      watchers.tell({ kind: 'link', link: 'commands', partition: index, up: !isOpen, reason })
    }
    const breaker = new Breaker(options.resilience.redisFailures, { clock, onChange })
    const registry = new Registry()
    const serverTime = new ServerTime()
    return { index, trust, groups, registry, serverTime, ring: new ReplayRing(), breaker }
  })
}
