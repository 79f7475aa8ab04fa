/**
 * What the server itself counts of the load by key and slot, where it can. A session of HOTKEYS
 * is begun only where it was asked for and nothing is there: a second one is refused, and
 * beginning anew would drop the results of an earlier one.
 */
import {
  type CommandLine,
  type HotKeysSession,
  type Info,
  parseHotKeys,
  parseSlotStats,
  type SlotStats,
} from '../../inspect/index.ts'
import type { FactTable, Gathered, SlotUse } from '../facts.ts'
import { Missing } from '../missing.ts'
import type { GatherContext, Gathering } from './context.ts'
import { gathered, needed } from './gathered.ts'

/** Those that have taken most. */
const slotsMax = 100
const hotKeysMax = 20
/** After the window a session ends by itself, where nobody comes back to end it. */
const sessionSlackMs = 30_000

/** Of the server, before. */
export interface KnownServer {
  readonly info: Info
  readonly config: Gathered<FactTable['config']>
}

/** Of HOTKEYS: begun here, or by somebody else. */
type Session = 'own' | 'foreign'

/** What `watch` gives, and what the server has counted meanwhile. */
export interface Counted<T> extends Required<Pick<Gathering, 'hotKeys' | 'slotUse'>> {
  readonly watched: T
}

/** What was refused before is not asked for again. An own session is gone however it ends. */
export async function whileCounting<T>(
  context: GatherContext,
  server: KnownServer,
  watch: () => Promise<T>,
): Promise<Counted<T>> {
  const slots = await gathered(() => {
    demandSlotStats(server)
    return readSlots(context)
  })
  const session = await gathered(() => beginSession(context, server.info))
  let watched: T
  let hotKeys: Gathered<HotKeysSession>
  try {
    watched = await watch()
  } finally {
    hotKeys = await gathered(async () => endSession(context, needed(session)))
  }
  const slotUse = await gathered(async () => usedBetween(needed(slots), await readSlots(context)))
  return { watched, hotKeys, slotUse }
}

function demandSlotStats({ info, config }: KnownServer): void {
  if (!info.isCluster) throw new Missing('moot', 'the server is no cluster')
  if (Number.parseInt(info.text('valkey_version') ?? '0', 10) < 8) {
    throw new Missing('moot', 'only Valkey 8 has CLUSTER SLOT-STATS')
  }
  if (config.value?.get('cluster-slot-stats-enabled') === 'no') {
    throw new Missing('moot', 'cluster-slot-stats-enabled is off')
  }
}

async function readSlots({ inspection }: GatherContext): Promise<readonly SlotStats[]> {
  const order: CommandLine = ['cluster', 'slot-stats', 'orderby', 'cpu-usec']
  return parseSlotStats(await inspection.call(...order, 'limit', slotsMax, 'desc'))
}

/**
 * Of those that took anything. The list is as long as it may be, with slots of no use where there
 * are no others; one that was not on it had taken the least of it at most. What fell was reset.
 */
function usedBetween(
  before: readonly SlotStats[],
  after: readonly SlotStats[],
): readonly SlotUse[] {
  const known = new Map(before.map(({ slot, cpuUs }) => [slot, cpuUs]))
  const least = before.length < slotsMax ? 0 : Math.min(...known.values())
  const used = after.map(({ slot, keys, cpuUs }) => {
    return { slot, keys, cpuUs: cpuUs - (known.get(slot) ?? least) }
  })
  return used.filter(({ cpuUs }) => cpuUs > 0)
}

async function beginSession({ inspection, options }: GatherContext, info: Info): Promise<Session> {
  if (!options.withHotKeys) throw new Missing('moot', 'no --hotkeys was given')
  const [major = 0, minor = 0] = (info.text('redis_version') ?? '').split('.').map(Number)
  if (major < 8 || (major === 8 && minor < 6)) {
    throw new Missing('moot', 'only Redis 8.6 has HOTKEYS')
  }
  const there = parseHotKeys(await inspection.call('hotkeys', 'get'))
  if (there?.isActive) return 'foreign'
  if (there !== undefined) {
    const reason = 'results of an earlier session of HOTKEYS are there; HOTKEYS RESET drops them'
    throw new Missing('skipped', reason)
  }
  const metrics: CommandLine = ['hotkeys', 'start', 'metrics', 2, 'cpu', 'net']
  const seconds = Math.ceil((options.windowMs + sessionSlackMs) / 1_000)
  await inspection.call(...metrics, 'count', hotKeysMax, 'duration', seconds)
  return 'own'
}

async function endSession(
  { inspection }: GatherContext,
  session: Session,
): Promise<HotKeysSession> {
  const isOwn = session === 'own'
  // Refused where it has ended by itself. If it runs still, RESET is refused, and tells.
  if (isOwn) await gathered(() => inspection.call('hotkeys', 'stop'))
  try {
    const found = parseHotKeys(await inspection.call('hotkeys', 'get'))
    if (found === undefined) throw new Error('somebody has reset the session of HOTKEYS')
    return found
  } finally {
    if (isOwn) await inspection.call('hotkeys', 'reset')
  }
}
