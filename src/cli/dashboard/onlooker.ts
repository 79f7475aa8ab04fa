/**
 * What the page is told of the processes, by somebody who publishes nothing himself. Where Redis
 * is away that is himself alone.
 */
import type { Inspection } from '../../inspect/index.ts'
import { openReporter, type ReportedCache, readFacts, readHistory } from '../../observe/index.ts'
import type { OpsOptions } from '../../ops/index.ts'

export interface Onlooker {
  readonly reporter: OpsOptions['reporter']
  close(): Promise<void>
}

export async function onlookerOf(cache: ReportedCache, inspection: Inspection): Promise<Onlooker> {
  const { namespace } = cache.about()
  const own = await openReporter(cache)
  return {
    reporter: {
      invalidations: own.invalidations,
      own: () => own.own(),
      facts: () => readFacts(inspection, namespace).catch(() => own.facts()),
      history: (sinceMs) => readHistory(inspection, namespace, sinceMs).catch(() => []),
    },
    close: () => own.close(),
  }
}
