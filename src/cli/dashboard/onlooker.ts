/** What the page is told of the processes, by somebody who publishes nothing himself. */
import type { Cache } from '../../core/cache.ts'
import type { Families } from '../../core/catalog.ts'
import type { Inspection } from '../../inspect/index.ts'
import { openReporter, readFacts, readHistory } from '../../observe/index.ts'
import type { OpsOptions } from '../../ops/index.ts'

export interface Onlooker {
  readonly reporter: OpsOptions['reporter']
  close(): Promise<void>
}

export async function onlookerOf(
  cache: Cache<Families>,
  inspection: Inspection,
): Promise<Onlooker> {
  const { namespace } = cache.about()
  const own = await openReporter(cache)
  return {
    reporter: {
      invalidations: own.invalidations,
      own: () => own.own(),
      facts: () => readFacts(inspection, namespace),
      history: (sinceMs) => readHistory(inspection, namespace, sinceMs),
    },
    close: () => own.close(),
  }
}
