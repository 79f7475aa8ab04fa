/**
 * What the server itself counts of the load by key and slot, where it can. A session of HOTKEYS
 * is begun only where it was asked for and there is none: a second one is refused, and beginning
 * anew would drop the results of somebody else.
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

/** Of the server, before. */
export interface KnownServer {
  readonly info: Info
  readonly config: Gathered<FactTable['config']>
}

/** What it was when the window began. */
interface Begun {
  readonly session: Gathered<Session>
  readonly slots: Gathered<readonly SlotStats[]>
}

/** Of HOTKEYS: begun here, or by somebody else. */
type Session = 'own' | 'foreign'

export class ServerLoad {
  readonly #context: GatherContext
  readonly #begun: Begun

  private constructor(context: GatherContext, begun: Begun) {
    this.#context = context
    this.#begun = begun
  }

  /** Before the window. */
  static async begin(context: GatherContext, server: KnownServer): Promise<ServerLoad> {
    const session = await gathered(() => beginSession(context, server.info))
    const slots = await gathered(() => {
      demandSlotStats(server)
      return readSlots(context)
    })
    return new ServerLoad(context, { session, slots })
  }

  /** After it. What was refused before is not asked for again. */
  async end(): Promise<Pick<Gathering, 'hotKeys' | 'slotUse'>> {
    const { session, slots } = this.#begun
    return {
      slotUse: await gathered(async () => {
        const before = needed(slots)
        return usedBetween(before, await readSlots(this.#context))
      }),
      hotKeys: await gathered(async () => endSession(this.#context, needed(session))),
    }
  }
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

/** A slot that was not among so many has an unknown beginning, and one that fell was reset. */
function usedBetween(
  before: readonly SlotStats[],
  after: readonly SlotStats[],
): readonly SlotUse[] {
  const known = new Map(before.map(({ slot, cpuUs }) => [slot, cpuUs]))
  const otherwise = before.length < slotsMax ? 0 : undefined
  return after.flatMap(({ slot, keys, cpuUs }) => {
    const from = known.get(slot) ?? otherwise
    return from === undefined || cpuUs < from ? [] : [{ slot, keys, cpuUs: cpuUs - from }]
  })
}

async function beginSession({ inspection, options }: GatherContext, info: Info): Promise<Session> {
  if (!options.withHotKeys) throw new Missing('moot', 'no --hotkeys was given')
  const [major = 0, minor = 0] = (info.text('redis_version') ?? '').split('.').map(Number)
  if (major < 8 || (major === 8 && minor < 6)) {
    throw new Missing('moot', 'only Redis 8.6 has HOTKEYS')
  }
  if (parseHotKeys(await inspection.call('hotkeys', 'get')) !== undefined) return 'foreign'
  const metrics: CommandLine = ['hotkeys', 'start', 'metrics', 2, 'cpu', 'net']
  // It ends by itself where nobody comes back to end it.
  const seconds = Math.ceil(options.windowMs / 1_000)
  await inspection.call(...metrics, 'count', hotKeysMax, 'duration', seconds)
  return 'own'
}

/** Of an own one nothing stays behind. */
async function endSession(
  { inspection }: GatherContext,
  session: Session,
): Promise<HotKeysSession> {
  if (session === 'own') await inspection.call('hotkeys', 'stop')
  const found = parseHotKeys(await inspection.call('hotkeys', 'get'))
  if (session === 'own') await inspection.call('hotkeys', 'reset')
  if (found === undefined) throw new Error('somebody has reset the session of HOTKEYS')
  return found
}
