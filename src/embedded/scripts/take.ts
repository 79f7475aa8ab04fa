/** Tokens from buckets; see `redis/scripts/take.ts`. */
import type { TakeAsk } from '../../core/contracts/take.ts'
import { formatClock } from '../../core/slot.ts'
import { type TakeReply, takeFrom } from '../../core/token-bucket.ts'
import type { Step } from '../partition.ts'

export function take(step: Step, asks: readonly TakeAsk[]): readonly TakeReply[] {
  const { partition, nowMicros, nowMs } = step
  return asks.map((ask) => {
    const held = partition.buckets.cell(ask.name, nowMs)?.text
    const fullMicros = held === undefined ? undefined : Number(held)
    const taken = takeFrom(fullMicros, ask, nowMicros)
    const isCorrected = fullMicros !== undefined && taken.fullMicros < fullMicros
    if (taken.reply.kind === 'granted' || isCorrected) {
      const lifeMs = Math.ceil((taken.fullMicros - nowMicros) / 1_000)
      partition.buckets.put(ask.name, formatClock(taken.fullMicros), { lifeMs, nowMs })
    }
    return taken.reply
  })
}
