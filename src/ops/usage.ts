/** What is read, by whom and how often, and the sizes that would fit it. */

import type { Fleet } from '../observe/index.ts'
import { memorySamples, readsOf, recommend, totalsOf, totalsOfProcess } from '../observe/index.ts'
import type { UsageAnswer } from './answers.ts'
import type { Desk } from './desk.ts'
import type { KeyBook } from './key-book.ts'

const dayMs = 24 * 3_600_000
const keysShown = 100
const pagesShown = 200

export async function usageOf(desk: Desk): Promise<Omit<UsageAnswer, 'schemaVersion' | 'atMs'>> {
  const { clock, keys } = desk.parts
  const fleet = await desk.fleet()
  const nowMs = clock.wallMs()
  const history = memorySamples(await desk.history.since(nowMs - dayMs))
  return {
    keys: usedKeys(fleet, keys),
    families: familyUse(fleet),
    pages: pageUse(fleet),
    recommendations: recommend({ processes: fleet, history, nowMs }),
  }
}

/** The processes of a service are one reader; the share is of all that the service reads. */
function usedKeys(fleet: Fleet, book: KeyBook): UsageAnswer['keys'] {
  const used = new Map<string, UsageAnswer['keys'][number]>()
  const readsByService = serviceReads(fleet)
  for (const { service, usedKeys: keys, stats } of fleet) {
    const part = readsOf(totalsOfProcess(stats)) / Math.max(1, readsByService.get(service) ?? 0)
    for (const { family, key: text, reads, error, share } of keys) {
      const key = book.shown(text)
      const name = `${service} ${family} ${key}`
      const before = used.get(name) ?? { reads: 0, error: 0, share: 0 }
      const sum = {
        reads: before.reads + reads,
        error: before.error + error,
        share: before.share + share * part,
      }
      used.set(name, { service, family, key, ...sum })
    }
  }
  return [...used.values()].sort((left, right) => right.reads - left.reads).slice(0, keysShown)
}

function serviceReads(fleet: Fleet): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const { service, stats } of fleet) {
    sums.set(service, (sums.get(service) ?? 0) + readsOf(totalsOfProcess(stats)))
  }
  return sums
}

function familyUse(fleet: Fleet): UsageAnswer['families'] {
  const use = new Map<string, UsageAnswer['families'][number]>()
  for (const { service, stats } of fleet) {
    for (const family of Object.keys(stats.families)) {
      const reads = readsOf(totalsOf(stats, family))
      const name = `${service} ${family}`
      if (reads > 0) use.set(name, { family, service, reads: reads + (use.get(name)?.reads ?? 0) })
    }
  }
  return [...use.values()].sort((left, right) => right.reads - left.reads)
}

function pageUse(fleet: Fleet): UsageAnswer['pages'] {
  const pages = fleet.flatMap(({ service, parts }) =>
    (parts.pages ?? []).map((page) => ({ service, ...page })),
  )
  return pages.sort((left, right) => right.requests - left.requests).slice(0, pagesShown)
}
