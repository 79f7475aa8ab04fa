/** `staleproof keys`: what Redis holds for a cache. */
import { nearestName } from '../../base/nearest-name.ts'
import { printable } from '../../base/printable.ts'
import { StaleproofError } from '../../core/errors.ts'
import type { KeyRow, KeysAnswer, ServicesAnswer } from '../../ops/index.ts'
import { countText, sizeText, timeText } from '../amounts.ts'
import type { Call } from '../command.ts'
import { type AdminApi, adminApi } from '../connection/admin-api.ts'
import { publishedBy } from '../connection/processes.ts'
import { type Server, withServer } from '../connection/server.ts'
import { printDocument } from '../document.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { isSet, numberOf, textIn } from '../flags.ts'
import { gridLines } from '../table.ts'
import { FamilyNames } from './family-names.ts'
import { slotsOn } from './slot-listing.ts'

interface Row extends Omit<KeyRow, 'isInMemory'> {
  /** Told by a process alone. */
  readonly isInMemory?: boolean
}

/** What `--json` says of keys. */
export interface KeysDocument {
  readonly keys: readonly Row[]
  readonly isComplete: boolean
  readonly isEnded: boolean
}

/** Of one request to the admin API. */
const pageMax = 500
/** A request looks at up to ten thousand places: a million for one command, as through Redis. */
const requestsMax = 100

export async function keys(call: Call): Promise<ExitCode> {
  const { flags, terminal } = call
  const api = adminApi(flags)
  let isEnded = false
  call.onSignal(() => {
    isEnded = true
  })
  const search: Search = {
    call,
    isEnded: () => isEnded,
    onProgress: (scanned) => terminal.progress(() => `≈ ${countText(scanned)} places looked at`),
  }
  const found = await (api === undefined
    ? withServer(call, (server) => keysOn(server, search))
    : keysOf(api, search))
  if (isSet(flags, 'json')) printDocument(terminal, 'keys', found)
  else terminal.print(keysLines(found, call))
  if (!found.isComplete)
    terminal.note('there may be more; a narrower pattern or --limit N shows them')
  return found.isEnded ? exitCodes.interrupted : exitCodes.fine
}

interface Search {
  readonly call: Call
  readonly isEnded: () => boolean
  readonly onProgress: (scanned: number) => void
}

async function keysOn(server: Server, { call, ...search }: Search): Promise<KeysDocument> {
  const processes = await publishedBy(server, call)
  const names = new FamilyNames(processes.map(({ facts }) => facts))
  const family = textIn(call.flags, 'family')
  const { slots, isComplete } = await slotsOn(server, {
    ...search,
    pattern: patternOf(call, names),
    limit: numberOf(call.flags, 'limit'),
    // A glob is wider than a template.
    isWanted: ({ key }) => family === undefined || names.of(key) === family,
  })
  const rows = slots.map(({ key, kind, ttlMs, bytes }): Row => {
    return { key, family: names.of(key), kind, ttlMs, bytes }
  })
  return { keys: rows, isComplete, isEnded: search.isEnded() }
}

async function keysOf(api: AdminApi, { call, isEnded, onProgress }: Search): Promise<KeysDocument> {
  const limit = numberOf(call.flags, 'limit')
  const family = textIn(call.flags, 'family')
  const { processes } = await api.get<ServicesAnswer>('services')
  const pattern = patternOf(call, new FamilyNames(processes.map(({ facts }) => facts)))
  const rows: Row[] = []
  let cursor: string | undefined
  let [scanned, requests, isWhole] = [0, 0, false]
  do {
    const query = new URLSearchParams({
      pattern,
      limit: String(Math.min(pageMax, limit)),
      ...(cursor !== undefined && { cursor }),
    })
    const page = await api.get<KeysAnswer>(`keys?${query}`)
    rows.push(...page.keys.filter((row) => family === undefined || row.family === family))
    cursor = page.cursor
    isWhole = page.isComplete
    scanned += page.scanned
    requests++
    onProgress(scanned)
  } while (cursor !== undefined && rows.length < limit && requests < requestsMax && !isEnded())
  const isComplete = isWhole && rows.length <= limit
  return { keys: rows.slice(0, limit), isComplete, isEnded: isEnded() }
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

function keysLines({ keys: rows }: KeysDocument, { terminal }: Call): readonly string[] {
  const cells = rows.map(({ key, family, kind, ttlMs, bytes }) => [
    printable(key),
    printable(family ?? '–'),
    kind,
    ttlMs === undefined ? 'never' : timeText(ttlMs),
    bytes === undefined ? '–' : sizeText(bytes),
  ])
  return gridLines(['key', 'family', 'kind', 'expires', 'size'], cells, terminal.paint)
}
