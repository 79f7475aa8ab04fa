/**
 * The user statistics cache: what a user's trades have come to. Whatever changes a position of
 * theirs, but for its limits, changes it; an unknown user is remembered as such for a while.
 */
import type { Key } from 'staleproof'
import type { PolycoolCache } from '../domain/writes.ts'

export interface TraderChange {
  readonly telegramId: number
}

/** Each trader once. */
export function userStatsKeys(cache: PolycoolCache, changes: readonly TraderChange[]): Key[] {
  const telegramIds = new Set(changes.map((change) => change.telegramId))
  return [...telegramIds].map((telegramId) => cache.userStats.key(telegramId))
}

/** Those who traded last are loaded ahead of time, so many of them; the others when they ask. */
export const tradersWarmedMax = 200
