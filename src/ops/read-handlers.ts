/** Handlers of what is only looked at. */
import type { FamilyView } from '../core/handle.ts'
import { familyRows } from '../observe/index.ts'
import type { AuditAnswer, EntryAnswer, KeysAnswer, MeAnswer, StatsAnswer } from './answers.ts'
import type { Desk } from './desk.ts'
import { familyDetail } from './family-detail.ts'
import { resilienceOf, servicesOf, warmingOf } from './fleet.ts'
import type { Call, Handler } from './gate.ts'
import { keyRows, listedPattern, shownRow } from './key-rows.ts'
import type { Explained } from './platform.ts'
import { previewOf } from './preview.ts'
import { Refusal } from './problem.ts'
import { integerParameter } from './query.ts'
import type { BrowserRoute, ChangeRoute, RouteName } from './route-table.ts'
import { seriesAnswer } from './series.ts'
import { memoryOf, redisOf } from './server-figures.ts'
import type { Identity } from './tokens.ts'
import { usageOf } from './usage.ts'

const keysLimit = { min: 1, max: 500, otherwise: 100 }
const auditLimit = { min: 1, max: 500, otherwise: 100 }
const valueTimeoutMs = 2_000
const seqRange = { min: 0, max: Number.MAX_SAFE_INTEGER, otherwise: 0 }

type ReadRoute = Exclude<RouteName, ChangeRoute | BrowserRoute | 'signIn'>

export function readHandlers(desk: Desk): Readonly<Record<ReadRoute, Handler>> {
  const { parts } = desk
  const fleetAnswer = (answerOf: (fleet: Awaited<ReturnType<Desk['fleet']>>) => object) => {
    return async () => desk.stamped(answerOf(await desk.fleet()))
  }
  return {
    me: ({ who }) => desk.stamped(me(desk, who)),
    stats: () => stats(desk),
    overview: () => desk.overview(),
    families: fleetAnswer((fleet) => ({ families: familyRows(fleet) })),
    family: ({ parameters }) => family(desk, parameters.name ?? ''),
    keys: (call) => keys(desk, call),
    entry: (call) => entry(desk, call),
    invalidations: ({ query }) => {
      const after = integerParameter(query, 'after', seqRange)
      const { invalidations } = parts.reporter
      const rows = invalidations.rows(after).map((row) => shownRow(row, parts.keys))
      return desk.stamped({ invalidations: rows, seen: invalidations.seen })
    },
    services: async () => {
      const neighbours = await parts.neighbours()
      return desk.stamped(servicesOf(await desk.published(), neighbours))
    },
    resilience: fleetAnswer(resilienceOf),
    warming: fleetAnswer(warmingOf),
    redis: async () => {
      const look = await parts.look()
      return desk.stamped(look === undefined ? serverUnknown : redisOf(look))
    },
    doctor: async () => desk.stamped(await parts.doctor.state()),
    usage: async () => desk.stamped(await usageOf(desk)),
    series: async ({ query }) => desk.stamped(await seriesAnswer(desk, query)),
    audit: async ({ query }): Promise<AuditAnswer> => {
      const limit = integerParameter(query, 'limit', auditLimit)
      return desk.stamped({ entries: await parts.audit.read(limit) })
    },
  }
}

const serverUnknown = {
  server: undefined,
  nodes: [],
  nodesTotal: 0,
  info: {},
  commands: [],
  slow: [],
  clients: [],
  withheld: ['everything: there is no server, or it does not answer'],
}

export function me(
  { parts }: Desk,
  { user, role }: Identity,
): Omit<MeAnswer, 'schemaVersion' | 'atMs'> {
  const { service, namespace } = parts.cache.about()
  const { environment, isReadOnly } = parts
  return { user, role, isReadOnly, environment, namespace, service }
}

async function stats(desk: Desk): Promise<StatsAnswer> {
  const { cache, look } = desk.parts
  const seen = await look()
  const { service, process } = cache.about()
  return desk.stamped({
    service,
    process,
    health: cache.health(),
    stats: cache.stats(),
    server: seen === undefined ? undefined : memoryOf(seen),
  })
}

async function family(desk: Desk, name: string): Promise<object> {
  const detail = familyDetail(await desk.fleet(), name)
  if (detail === undefined) throw new Refusal('NOT_FOUND', 'No live process declares that family.')
  const { keys } = desk.parts
  const usedKeys = detail.usedKeys.map((used) => ({ ...used, key: keys.shown(used.key) }))
  return desk.stamped({ ...detail, usedKeys })
}

async function keys(desk: Desk, { query }: Call): Promise<KeysAnswer> {
  const page = await desk.parts.index.page({
    pattern: listedPattern(query.get('pattern')),
    cursor: query.get('cursor') ?? undefined,
    limit: integerParameter(query, 'limit', keysLimit),
  })
  return desk.stamped({ ...page, keys: keyRows(page.keys, desk.parts) })
}

async function entry(desk: Desk, { parameters, query, note }: Call): Promise<EntryAnswer> {
  const { cache, keys } = desk.parts
  const key = keys.read(parameters.key ?? '')
  if (key === undefined) throw new Refusal('NOT_FOUND', 'It is no key of a family of this service.')
  const { family, text } = key
  const explanation = await cache.explain({ family, text })
  if (query.get('value') !== '1') {
    return desk.stamped({ key: text, family, explanation, valueWithheld: 'not asked' })
  }
  note({ target: keys.shown(text), count: 1 })
  const shown = keys.isSensitive(family)
    ? { valueWithheld: 'sensitive' }
    : await heldValue(cache.family(family), key.id, explanation)
  return desk.stamped({ key: text, family, explanation, ...shown })
}

/** Only what is there: looking at a value is no reason to ask a source for it. */
async function heldValue(
  family: FamilyView,
  id: unknown,
  { next }: Explained,
): Promise<Pick<EntryAnswer, 'value' | 'valueWithheld'>> {
  const isHeld = next === 'memory' || next === 'redis'
  const options = { priority: 'warm', timeout: valueTimeoutMs } as const
  const value = isHeld ? (await family.lookup(id, options)).value : undefined
  if (value === undefined) return { valueWithheld: 'absent' }
  const preview = previewOf(value)
  return preview === undefined ? { valueWithheld: 'too large' } : { value: preview.json }
}
