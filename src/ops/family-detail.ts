/** One family as all processes together see it, with what the page of it shows. */
import { type Fleet, familyRow, totalsOf } from '../observe/index.ts'
import type { FamilyAnswer } from './answers.ts'

/** What else is told of one family; undefined: nobody declares it. */
export function familyDetail(
  fleet: Fleet,
  name: string,
): Omit<FamilyAnswer, 'schemaVersion' | 'atMs'> | undefined {
  const family = familyRow(fleet, name)
  if (family === undefined) return undefined
  const owners = fleet.filter(({ families }) => Object.hasOwn(families, name))
  const processes = owners.map((facts) => [
    `${facts.service}/${facts.process}`,
    totalsOf(facts.stats, name),
  ])
  const stores: Record<string, number> = {}
  for (const { stats } of owners) {
    for (const [result, count] of Object.entries(stats.families[name]?.stores ?? {})) {
      stores[result] = (stores[result] ?? 0) + count
    }
  }
  const usedKeys = owners.flatMap((facts) => facts.usedKeys).filter((key) => key.family === name)
  usedKeys.sort((left, right) => right.reads - left.reads)
  return { family, processes: Object.fromEntries(processes), usedKeys, stores }
}
