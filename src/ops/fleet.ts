/** What the facts of all processes say together, as the API answers it: pure. */
import { breakersOf, type Fleet, type Published } from '../observe/index.ts'
import type {
  FamilyDifference,
  ProcessRow,
  ResilienceAnswer,
  ServicesAnswer,
  WarmingAnswer,
} from './answers.ts'

type Unstamped<A> = Omit<A, 'schemaVersion' | 'atMs'>

export function resilienceOf(fleet: Fleet): Unstamped<ResilienceAnswer> {
  return {
    breakers: breakersOf(fleet),
    liveData: fleet.flatMap(({ service, parts }) =>
      Object.entries(parts.liveData ?? {}).map(([name, sources]) => ({ service, name, sources })),
    ),
    limiters: fleet.flatMap(({ service, stats }) =>
      Object.entries(stats.limiters).map(([name, { granted, refused }]) => ({
        service,
        name,
        granted,
        refused,
      })),
    ),
    pools: fleet.flatMap(({ service, parts }) =>
      parts.database === undefined ? [] : [{ service, pool: parts.database }],
    ),
  }
}

export function warmingOf(fleet: Fleet): Unstamped<WarmingAnswer> {
  const processes = fleet.map(({ service, process, parts }) => ({
    service,
    process,
    warming: parts.warming,
    preloading: parts.preloading,
    prediction: parts.prediction,
  }))
  return {
    processes: processes.filter(
      ({ warming, preloading, prediction }) => (warming ?? preloading ?? prediction) !== undefined,
    ),
  }
}

/** Neighbours have families of their own, which are no difference. */
export function servicesOf(
  own: readonly Published[],
  neighbours: readonly Published[],
): Unstamped<ServicesAnswer> {
  const processes = [...own, ...neighbours].map(({ facts, ageMs }): ProcessRow => {
    const { usedKeys: _private, ...shown } = facts
    return { facts: shown, ageMs }
  })
  return { processes, differences: differencesOf(own.map(({ facts }) => facts)) }
}

/** `hasSource` differs by design: a service declares the sources that it has. */
const compared = [
  'template',
  'version',
  'ttlMs',
  'maxStaleMs',
  'codec',
  'isEncrypted',
  'hitTarget',
] as const

function differencesOf(fleet: Fleet): FamilyDifference[] {
  const names = new Set(fleet.flatMap(({ families }) => Object.keys(families)))
  return [...names].flatMap((family) =>
    compared.flatMap((field): FamilyDifference[] => {
      const values: Record<string, string> = {}
      for (const { service, families } of fleet) {
        const declared = families[family]
        if (declared !== undefined) values[service] = String(declared[field])
      }
      return new Set(Object.values(values)).size > 1 ? [{ family, field, values }] : []
    }),
  )
}
