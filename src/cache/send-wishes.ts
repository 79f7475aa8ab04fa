/** One script call for wishes of one kind in one partition. */
import type { Wish } from '../coherence/index.ts'
import type { BarrierAsk, InvalidateAsk, RaiseReply, ToldReply } from '../core/contracts/store.ts'
import { type Engine, newEpoch } from './engine.ts'

/** Tags in one script call. */
export const raiseTagsMax = 100

/** What is to be said to one partition; all wishes are of one kind. */
export interface Saying {
  readonly partition: number
  readonly wishes: readonly Wish[]
  readonly reason: string
}

/** With the clock where a group was invalidated. */
export function sendWishes(
  engine: Engine,
  { partition, wishes, reason }: Saying,
  barrier?: BarrierAsk,
): Promise<ToldReply & Partial<Pick<RaiseReply, 'clock'>>> {
  const { store, settings } = engine
  const asks: InvalidateAsk[] = []
  const tags: string[] = []
  for (const wish of wishes) {
    if (wish.kind === 'key') asks.push(wish.ask)
    else if (wish.kind === 'tag') tags.push(wish.tag)
  }
  const origin = settings.process
  if (asks.length > 0) return store.invalidate(partition, { asks, origin, reason, barrier })
  return store.raise(partition, { newEpoch: newEpoch(engine), tags, origin, reason, barrier })
}
