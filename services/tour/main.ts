/**
 * The tour drives the running system as a person would, checks what it sees, prints a
 * table, and says whether everything was as promised. It is the end-to-end test.
 */
import type { Stage } from '../launcher/stage.ts'
import { buysAreSeenAtOnce } from './buying-checks.ts'
import type { Check } from './check.ts'
import { leaderIsCopied } from './copy-check.ts'
import { listFromEveryTier, priceBatchReachesAll, pricesMove } from './market-checks.ts'
import { outageIsSurvived } from './outage-check.ts'
import { productsAreCoherent } from './products-check.ts'
import { type Row, renderTable } from './report.ts'
import { Scene } from './scene.ts'
import { searchIsShared } from './search-check.ts'
import { popularPagesAreWarm } from './warming-check.ts'

const checks: readonly Check[] = [
  pricesMove,
  popularPagesAreWarm,
  listFromEveryTier,
  buysAreSeenAtOnce,
  leaderIsCopied,
  searchIsShared,
  priceBatchReachesAll,
  productsAreCoherent,
  outageIsSurvived,
]

/** True when every check passed. */
export async function runTour(stage: Stage): Promise<boolean> {
  const scene = new Scene(stage)
  const rows: Row[] = []
  for (const check of checks) {
    process.stdout.write(`tour: ${check.title} …\n`)
    rows.push(await rowOf(check, scene))
  }
  process.stdout.write(`\n${renderTable(rows)}\n`)
  const failed = rows.filter((row) => !row.isPassed).length
  process.stdout.write(`tour: ${rows.length - failed} passed, ${failed} failed\n`)
  return failed === 0
}

async function rowOf({ title, run }: Check, scene: Scene): Promise<Row> {
  try {
    return { title, isPassed: true, seen: await run(scene) }
  } catch (error) {
    return { title, isPassed: false, seen: error instanceof Error ? error.message : String(error) }
  }
}
