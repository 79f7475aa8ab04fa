/** What scripts are given: `fill` and `replace` (see `scripts/storing.ts`), `invalidate`. */
import type { FillRequest, InvalidateAsk } from '../core/contracts/store.ts'
import { parseHead } from '../core/slot.ts'
import type { PartitionNames } from '../core/slot-names.ts'
import type { Command, Running } from './run-script.ts'

/** Longer texts are staged natively and renamed by the script: Lua copies its arguments. */
const STAGED_CHARS_MIN = 16_384
/** A staged text that no script came for is gone after this. */
const STAGED_MS = 5000

export interface FillArguments extends Omit<Running, 'script'> {
  /** Commands in front of the script. */
  readonly staging: readonly Command[]
}

export function fillArguments(
  { slot, meta, stage }: PartitionNames,
  { stamp, epoch, clock, fills }: FillRequest,
): FillArguments {
  const keys = [meta, ...fills.map((fill) => slot + fill.key)]
  const args: (string | number)[] = [stamp, epoch, clock, fills.length]
  const staging: Command[] = []
  for (const { expected, order, lifeMs, bornMs, elapsedMs, text, tags } of fills) {
    const fid = text.length < STAGED_CHARS_MIN ? undefined : fidOf(text)
    if (fid !== undefined) {
      keys.push(stage + fid)
      staging.push(['SET', stage + fid, text, 'PX', STAGED_MS])
    }
    const given = fid === undefined ? text : ''
    args.push(expected, order, lifeMs, bornMs, elapsedMs, given, tags.length, ...tags)
  }
  return { staging, keys, args }
}

/** For one slot; see `scripts/invalidate.ts`. */
export function invalidateArguments(ask: InvalidateAsk): (string | number)[] {
  const { order, keepsOrder, floorMs, settle, tokens } = ask
  const isPlain = order === '' && !keepsOrder && settle === undefined && tokens.length === 0
  if (isPlain) return ['plain']
  const settling = [settle?.token ?? '', settle?.ms ?? 0]
  return [order, keepsOrder ? 1 : 0, floorMs, ...settling, tokens.length, ...tokens]
}

/** A text without one can't be read back, and is not worth staging. */
function fidOf(text: string): string | undefined {
  const slot = parseHead(text)
  return slot?.kind === 'value' ? slot.fid : undefined
}
