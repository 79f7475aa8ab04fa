/**
 * Opens caches: the one place that joins the orchestrators with the tiers. The Redis
 * tier is imported only when an address is given.
 */
import { consoleLogger, createCache, logObserver, withHandles } from './cache/index.ts'
import { openEnvelopes } from './codec/index.ts'
import type { Cache } from './core/cache.ts'
import type { Catalog, Families } from './core/catalog.ts'
import type { Memory } from './core/contracts/memory.ts'
import type { Remote } from './core/contracts/remote.ts'
import type { Spool } from './core/contracts/spool.ts'
import { invalid } from './core/option-checks.ts'
import type { CacheOptions } from './core/options.ts'
import type { Observer } from './core/outcome.ts'
import { type ResolvedOptions, resolveOptions } from './core/resolved-options.ts'
import { EmbeddedServer, openEmbedded } from './embedded/index.ts'
import { AdaptiveMemory, SizedMemory } from './memory/index.ts'
import { shelf } from './process-wide.ts'
import { FolderSpool } from './spool.ts'
import { systemChance as chance, systemClock as clock, environment, nextTurn } from './system.ts'

/**
 * Opens the cache of this process. With Redis away it resolves within the connect
 * timeout, reads from the sources, and heals when Redis comes; `requireRedis: true`
 * rejects instead with `SP_REDIS_DOWN`. Bad options throw `SP_OPTION_…`.
 *
 * @example
 * const cache = await openCache(catalog, { service: 'api', redis: process.env.REDIS_URL, sources })
 * await cache.positions.get(7)
 */
export function openCache<F extends Families>(
  catalog: Catalog<F>,
  options: CacheOptions<F>,
): Promise<Cache<F>> {
  return open(catalog, options, () => {})
}

async function open<F extends Families>(
  catalog: Catalog<F>,
  options: CacheOptions<F>,
  onClose: () => void,
): Promise<Cache<F>> {
  const resolved = resolveOptions(catalog, options)
  const { encryption, sources } = resolved
  const envelopes = { encryption, sources, chance, nextTurn }
  const envelopeOf = await openEnvelopes(catalog.compiled.values(), envelopes)
  const remote = await remoteOf(resolved)
  const log = logOf(resolved)
  const local = { memory: memoryOf(resolved), spool: spoolOf(resolved), log }
  const tiers = { remote, envelopeOf, clock, chance, ...local }
  return withHandles<F>(await createCache(catalog, resolved, tiers), onClose)
}

/**
 * The same cache for as long as the process lives, whatever reloads the module that
 * asks (`tsx watch`, Vite, Next): one connection, not one for every reload. Asked with
 * another catalog object, it closes the earlier cache and opens a new one.
 */
export function openCacheOnce<F extends Families>(
  catalog: Catalog<F>,
  options: CacheOptions<F>,
): Promise<Cache<F>> {
  const caches = shelf<Promise<Cache<F>>>('caches')
  const name = `${options.service}/${catalog.name}`
  const cache = caches.keep(name, catalog, async (earlier) => {
    await (await earlier?.catch(() => undefined))?.close()
    return open(catalog, options, () => caches.forget(name, cache))
  })
  // One that could not be opened is no reason to fail for ever.
  cache.catch(() => caches.forget(name, cache))
  return cache
}

async function remoteOf(options: ResolvedOptions): Promise<Remote> {
  const { redis, namespace, connectTimeoutMs, memory } = options
  const withBus = memory !== undefined
  if (redis === undefined) return embeddedRemote(options)
  const { redisRemote } = await import('./redis/index.ts')
  const { partitions } = options
  return redisRemote({ redis, namespace, partitions, clock, chance, connectTimeoutMs, withBus })
}

/** All caches of one namespace in this process share one store, as they would one Redis. */
function embeddedRemote({ namespace, memory, partitions = 1 }: ResolvedOptions): Remote {
  const servers = shelf<EmbeddedServer>('embedded')
  const make = () => new EmbeddedServer({ clock, chance, partitions })
  const server = servers.borrow(namespace, make)
  if (server.value.partitions !== partitions) {
    server.giveBack()
    const expected = `${server.value.partitions}, as the others of '${namespace}' in this process`
    throw invalid('openCache', 'partitions', expected, partitions)
  }
  const withBus = memory !== undefined
  const remote = openEmbedded(server.value, { clock, withBus })
  return {
    kind: remote.kind,
    store: remote.store,
    bus: remote.bus,
    open: (process, listener) => remote.open(process, listener),
    async close() {
      await remote.close()
      server.giveBack()
    },
  }
}

/** `STALEPROOF_DEBUG=positions,market` prints the outcomes of these families, `*` of all. */
function logOf({ log, logKeys, service }: ResolvedOptions): Observer | undefined {
  if (log === false) return undefined
  const debugged = (environment('STALEPROOF_DEBUG') ?? '').split(',').filter((name) => name !== '')
  const debug = (fields: object, message: string) => console.debug(`staleproof: ${message}`, fields)
  const logger = log ?? (debugged.length > 0 ? { ...consoleLogger, debug } : consoleLogger)
  return logObserver({ logger, service, logKeys, wallMs: () => clock.wallMs(), debugged })
}

function memoryOf({ memory }: ResolvedOptions): Memory {
  const plain = new AdaptiveMemory(memory ?? { bytesMax: 0, entriesMax: 0 })
  if (memory === undefined || memory.sizing === 'off') return plain
  return new SizedMemory(plain, { ...memory, mode: memory.sizing }, chance)
}

function spoolOf({ journal: folder, namespace }: ResolvedOptions): Spool | undefined {
  if (folder === undefined) return undefined
  const wallMs = () => clock.wallMs()
  return new FolderSpool({ folder, namespace, token: () => chance.token(), wallMs })
}
