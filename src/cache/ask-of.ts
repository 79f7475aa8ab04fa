/** How a key is invalidated, by the rules of its family. */
import { type InvalidateAsk, settleToken } from '../core/contracts/store.ts'
import type { FamilyRules } from '../core/family-rules.ts'

/** One of no family of ours, which has no rules, is emptied. */
export function askOf(
  key: string,
  rules: FamilyRules | undefined,
  { order = '', tokens = [] }: Partial<Pick<InvalidateAsk, 'order' | 'tokens'>> = {},
): InvalidateAsk {
  if (rules === undefined) {
    return { key, order, keepsOrder: false, floorMs: 0, tokens, settle: undefined }
  }
  const { isSetOnly, ttlMs: floorMs, settleMs } = rules
  const settle = settleMs > 0 ? { token: settleToken, ms: settleMs } : undefined
  // Where `set` may fill an empty slot, a late one must meet the order that was removed.
  return { key, order, keepsOrder: isSetOnly, floorMs, tokens, settle }
}
