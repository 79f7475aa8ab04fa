/** Families as all processes together see them. */
import type { DeclaredFamily, FamilyLatencies } from '../process-facts.ts'
import { type Fleet, worstLatency } from './fleet.ts'
import { nothingMeasured } from './latency.ts'
import { type FamilyTotals, hitRatioOf, sumOf, totalsOf } from './totals.ts'

export interface FamilyRow {
  readonly name: string
  readonly declared: DeclaredFamily
  /** Versions that live processes declare; more than one: a deployment is under way. */
  readonly versions: readonly string[]
  readonly services: readonly string[]
  readonly totals: FamilyTotals
  readonly hitRatio: number | undefined
  readonly latencies: FamilyLatencies
  readonly staleReads: number
}

/** Those that any of the processes declares, in the order of their names. */
export function familyRows(fleet: Fleet): FamilyRow[] {
  const names = new Set(fleet.flatMap(({ families }) => Object.keys(families)))
  return [...names].sort().flatMap((name) => familyRow(fleet, name) ?? [])
}

/** Undefined: nobody declares it. */
export function familyRow(fleet: Fleet, name: string): FamilyRow | undefined {
  const owners = fleet.filter(({ families }) => Object.hasOwn(families, name))
  // A declaration with a source says more than one without.
  const declarations = owners.flatMap(({ families }) => families[name] ?? [])
  const declared = declarations.find(({ hasSource }) => hasSource) ?? declarations[0]
  if (declared === undefined) return undefined
  const totals = sumOf(owners.map(({ stats }) => totalsOf(stats, name)))
  const latencies = owners.map((facts) => facts.latencies[name] ?? nothingMeasured)
  return {
    name,
    declared,
    versions: [...new Set(declarations.map(({ version }) => version))].sort(),
    services: [...new Set(owners.map(({ service }) => service))].sort(),
    totals,
    hitRatio: hitRatioOf(totals),
    latencies: {
      get: worstLatency(latencies.map(({ get }) => get)),
      load: worstLatency(latencies.map(({ load }) => load)),
    },
    staleReads: owners.reduce((sum, { stats }) => {
      return sum + (stats.coherence.staleReads[name] ?? 0)
    }, 0),
  }
}
