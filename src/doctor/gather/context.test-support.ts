/** What gathering works with, where nothing else is said. */
import type { Inspection } from '../../inspect/index.ts'
import { systemClock } from '../../system.ts'
import type { GatherContext, GatherOptions } from './context.ts'

export function contextOf(
  inspection: Inspection,
  given: Partial<GatherOptions> = {},
): GatherContext {
  return {
    inspection,
    clock: systemClock,
    options: {
      namespace: undefined,
      windowMs: 100,
      budgetMs: 60_000,
      keysMax: 1_000,
      isDeep: false,
      withValues: false,
      preferReplica: false,
      withHotKeys: false,
      signal: undefined,
      onProgress: () => {},
      ...given,
    },
  }
}
