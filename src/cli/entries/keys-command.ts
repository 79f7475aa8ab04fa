/** `staleproof keys`: what Redis holds for a cache. */
import { nearestName } from '../../base/nearest-name.ts'
import { StaleproofError } from '../../core/errors.ts'
import type { KeyRow, KeysAnswer } from '../../ops/index.ts'
import { countText, sizeText, timeText } from '../amounts.ts'
import type { Call } from '../command.ts'
import { type AdminApi, adminApi } from '../connection/admin-api.ts'
import { publishedBy } from '../connection/processes.ts'
import { type Server, withServer } from '../connection/server.ts'
import { printDocument } from '../document.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { isSet, numberOf, textIn } from '../flags.ts'
import { printable } from '../printable.ts'
import { gridLines } from '../table.ts'
import { FamilyNames } from './family-names.ts'
import { slotsOn } from './slot-listing.ts'

type Row = Omit<KeyRow, 'isInMemory'>

interface Found {
  readonly keys: readonly Row[]
  readonly isComplete: boolean
  readonly isEnded: boolean
}

/** Of one request to the admin API. */
const pageMax = 500

export async function keys(call: Call): Promise<ExitCode> {
  const { flags, terminal } = call
  const api = adminApi(flags)
  const found = await (api === undefined
    ? withServer(call, (server) => keysOn(server, call))
    : keysOf(api, call))
  if (isSet(flags, 'json')) printDocument(terminal, 'keys', found)
  else terminal.print(keysLines(found, call))
  if (!found.isComplete) terminal.note('there may be more; --limit N shows them')
  return found.isEnded ? exitCodes.interrupted : exitCodes.fine
}

async function keysOn(server: Server, call: Call): Promise<Found> {
  const { terminal, flags } = call
  const processes = await publishedBy(server, call)
  const names = new FamilyNames(processes.map(({ facts }) => facts))
  let isEnded = false
  call.onSignal(() => {
    isEnded = true
  })
  const { slots, isComplete } = await slotsOn(server, {
    pattern: patternOf(call, names),
    limit: numberOf(flags, 'limit'),
    onProgress: (scanned) => terminal.progress(() => `≈ ${countText(scanned)} places looked at`),
    isEnded: () => isEnded,
  })
  const rows = slots.map(({ key, kind, ttlMs, bytes }): Row => {
    return { key, family: names.of(key), kind, ttlMs, bytes }
  })
  return { keys: rows, isComplete, isEnded }
}

async function keysOf(api: AdminApi, call: Call): Promise<Found> {
  const limit = numberOf(call.flags, 'limit')
  const family = textIn(call.flags, 'family')
  const rows: Row[] = []
  let cursor: string | undefined
  do {
    const query = new URLSearchParams({
      pattern: call.args[0] ?? '*',
      limit: String(Math.min(pageMax, limit)),
      ...(cursor !== undefined && { cursor }),
    })
    const page = await api.get<KeysAnswer>(`keys?${query}`)
    rows.push(...page.keys.filter((row) => family === undefined || row.family === family))
    cursor = page.cursor
  } while (cursor !== undefined && rows.length < limit)
  const isComplete = cursor === undefined && rows.length <= limit
  return { keys: rows.slice(0, limit), isComplete, isEnded: false }
}

/** Throws `SP_OPTION_INVALID` for a family that nobody declares. */
function patternOf({ args: [pattern], flags }: Call, names: FamilyNames): string {
  const family = textIn(flags, 'family')
  if (family === undefined) return pattern ?? '*'
  if (pattern !== undefined) {
    const details = { expected: 'either a pattern or --family' }
    throw new StaleproofError('SP_OPTION_INVALID', 'keys: option --family', details)
  }
  const own = names.patternOf(family)
  if (own !== undefined) return own
  const nearest = nearestName(family, names.names())
  throw new StaleproofError('SP_OPTION_INVALID', 'keys: option --family', {
    expected: nearest ?? (names.names().join(', ') || 'a service that publishes its families'),
    received: family,
  })
}

function keysLines({ keys: rows }: Found, { terminal }: Call): readonly string[] {
  const cells = rows.map(({ key, family, kind, ttlMs, bytes }) => [
    printable(key),
    printable(family ?? '–'),
    kind,
    ttlMs === undefined ? 'never' : timeText(ttlMs),
    bytes === undefined ? '–' : sizeText(bytes),
  ])
  return gridLines(['key', 'family', 'kind', 'expires', 'size'], cells, terminal.paint)
}
