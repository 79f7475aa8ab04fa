/**
 * Everything that checks need, in an order that matters: what costs little, the counters twice
 * with nothing but PINGs between them, and only then the keys. A read that is refused counts as
 * an error and a look at a key as a hit; neither may be found again in what is measured.
 */
import type { Info } from '../../inspect/index.ts'
import { Facts, type Gathered } from '../facts.ts'
import type { ServerIdentity } from '../finding.ts'
import { type Registry, registryOfProcesses } from '../registry.ts'
import type { GatherContext, Gathering } from './context.ts'
import { gathered } from './gathered.ts'
import { gatherPublished } from './published.ts'
import { gatherReads } from './reads.ts'
import { sampleKeys } from './sampler.ts'
import { whileCounting } from './server-load.ts'
import { histogramsBetween, readInfo, takeSnapshot, waitWindow, windowOf } from './window.ts'

/** What the caller knows already. */
export interface GivenKnowledge {
  readonly registry: Registry | undefined
  readonly code: Gathering['code']
  /** A check among those to be run needs it. */
  readonly isSampleNeeded: boolean
}

export async function gatherFacts(context: GatherContext, given: GivenKnowledge): Promise<Facts> {
  const info = await readInfo(context)
  const reads = await gatherReads(context, info)
  const nowMs = serverNowMs(info) ?? context.clock.wallMs()
  const published = await gatherPublished(context, reads.channels ?? {}, nowMs)
  const server = { info, config: reads.config ?? {} }
  const { watched, ...load } = await whileCounting(context, server, async () => {
    const first = await takeSnapshot(context)
    const pings = await waitWindow(context)
    return { first, pings, last: await takeSnapshot(context, first) }
  })
  const { first, pings, last } = watched
  return new Facts({
    ...reads,
    ...published,
    ...load,
    info: { value: windowOf(first, last) },
    histograms: histogramsBetween(first, last),
    pings: pings.length > 0 ? { value: pings } : { missing: 'there was no time to measure' },
    server: { value: identityOf(context, last.info) },
    nowMs: { value: nowMs },
    registry: registryOf(given.registry, published),
    code: given.code,
    sample: given.isSampleNeeded
      ? await gathered(() => sampleKeys(context, last.info, pings))
      : { missing: 'no check that was asked for looks at keys', isMoot: true },
  })
}

function registryOf(given: Registry | undefined, { processes }: Gathering): Gathered<Registry> {
  const published = registryOfProcesses(processes?.value ?? [])
  const registry = given && published ? given.and(published) : (given ?? published)
  if (registry !== undefined) return { value: registry }
  return {
    missing: 'no catalog was given, and no process publishes its families',
    isMoot: processes?.value !== undefined || processes?.isMoot,
  }
}

function identityOf({ inspection }: GatherContext, info: Info): ServerIdentity {
  const valkey = info.text('valkey_version')
  return {
    address: inspection.address,
    kind: valkey === undefined ? 'redis' : 'valkey',
    version: valkey ?? info.text('redis_version') ?? 'unknown',
    mode: info.text('redis_mode') ?? info.text('server_mode') ?? 'unknown',
    uptimeS: info.number('uptime_in_seconds') ?? 0,
  }
}

/** From 6.0 on. */
function serverNowMs(info: Info): number | undefined {
  const us = info.number('server_time_usec')
  return us === undefined ? undefined : us / 1_000
}
