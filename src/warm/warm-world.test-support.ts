/** A test cache with sources that count, for tests of warming in virtual time. */
import { defineCatalog } from '../core/catalog.ts'
import { family } from '../core/family.ts'
import { shape } from '../core/shape.ts'
import { type TestCache, testCache } from '../testing/test-cache.ts'

const value = shape<string>()

export const catalog = defineCatalog('warming', {
  page: family('page:{name}', { value, ttl: '5m' }),
  /** Its source takes many ids. */
  market: family('market:{name}', { value, ttl: '5m' }),
  short: family('short:{name}', { value, ttl: '30s' }),
})

type WarmFamilies = (typeof catalog)['families']

export interface WarmWorld {
  readonly cache: TestCache<WarmFamilies>
  /** Keys that were loaded, in their order. */
  readonly loads: string[]
  /** Most loads that ran at a time. */
  peak(): number
  /** Ids whose loads fail, hang for an hour, or have another value. */
  readonly failing: Set<string>
  readonly hanging: Set<string>
}

/** How long a load takes. */
export const loadMs = 100

export async function openWarmWorld(): Promise<WarmWorld> {
  const loads: string[] = []
  const [failing, hanging] = [new Set<string>(), new Set<string>()]
  let [running, most] = [0, 0]
  const load =
    (name: string) =>
    async (id: string): Promise<string> => {
      loads.push(`${name}:${id}`)
      running++
      most = Math.max(most, running)
      try {
        const lastsMs = hanging.has(id) ? 3_600_000 : loadMs
        await new Promise<void>((resolve) => world.cache.clock.timer(lastsMs, resolve))
        if (failing.has(id)) throw new Error(`${id} is down`)
        return `${id} ${loads.length}`
      } finally {
        running--
      }
    }
  const cache = await testCache(catalog, {
    page: load('page'),
    short: load('short'),
    market: { many: (ids) => Promise.all(ids.map(load('market'))), maxBatch: 10 },
  })
  const world: WarmWorld = { cache, loads, peak: () => most, failing, hanging }
  return world
}

export class MemoryLog {
  readonly lines: { readonly level: string; readonly task: unknown }[] = []
  readonly messages: string[] = []

  warn(fields: object, message: string): void {
    this.messages.push(`warn ${message}`)
    this.lines.push({ level: 'warn', task: Reflect.get(fields, 'task') })
  }

  debug(fields: object): void {
    this.lines.push({ level: 'debug', task: Reflect.get(fields, 'task') })
  }
}
