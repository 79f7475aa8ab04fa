/** What an invalidation comes back with, made of what became of it in each partition. */
import type { Counted } from '../core/contracts/announcement.ts'
import type { ToldReply } from '../core/contracts/store.ts'
import type { BarrierReceipt, Receipt } from '../core/receipt.ts'
import { formatToken, laterPart, type TokenPart } from '../core/token.ts'
import { joinBarriers } from './barrier.ts'

/** One script call; without a reply what it names is pending. */
export interface ScriptCall {
  readonly partition: number
  readonly names: readonly string[]
  readonly stamp: string | undefined
  readonly reply: ToldReply | undefined
  readonly barrier: BarrierReceipt | undefined
}

export interface ReceiptOptions {
  readonly ms: number
  /** Undefined: nobody asked for replicas. */
  readonly durable: boolean | undefined
}

export function receiptOf(calls: readonly ScriptCall[], { ms, durable }: ReceiptOptions): Receipt {
  const keys = new Set<string>()
  const pending = new Set<string>()
  const parts = new Map<number, TokenPart>()
  let reached = 0
  for (const { partition, names, stamp, reply } of calls) {
    for (const name of names) {
      keys.add(name)
      if (reply === undefined) pending.add(name)
    }
    reached = Math.max(reached, reply?.receivers ?? 0)
    parts.set(partition, laterPart(parts.get(partition), tokenPart(partition, stamp, reply)))
  }
  const passed = calls.flatMap(({ barrier }) => (barrier === undefined ? [] : [barrier]))
  return {
    keys: [...keys],
    reached,
    pending: [...pending],
    ms,
    token: formatToken([...parts.values()]),
    ...(passed.length > 0 && pending.size === 0 && { barrier: joinBarriers(passed) }),
    ...(durable !== undefined && { durable }),
  }
}

/** Without a reply Redis has not executed it yet. */
export function tokenPart(
  partition: number,
  stamp: string | undefined,
  reply: Counted | undefined,
): TokenPart {
  if (reply === undefined) {
    return { partition, stamp, epoch: undefined, seq: undefined, pending: true }
  }
  return { partition, stamp, epoch: reply.epoch, seq: reply.seq, pending: false }
}
