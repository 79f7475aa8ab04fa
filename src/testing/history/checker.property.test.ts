/** The checker agrees with a judge too slow to be wrong: every read against every record. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { checkHistory } from './checker.ts'
import {
  type HistoryRecord,
  type InvalidateRecord,
  type ReadRecord,
  readModes,
  readTiers,
} from './record.ts'

const boundMs = 20
const runs = 2_000

it('finds what a slow judge finds, and nothing else', () => {
  fc.assert(
    fc.property(fc.array(anyRecord, { maxLength: 24 }), (history) => {
      const { violations } = checkHistory(history, { boundMs })
      const found = violations.map(({ rule, position }) => `${position} ${rule}`)
      expect(found.sort()).toEqual([...slowly(history)].sort())
    }),
    { numRuns: runs },
  )
})

const atMs = fc.integer({ min: 0, max: 100 })
const version = fc.integer({ min: 0, max: 6 })
const timed = fc
  .record({
    process: fc.constantFrom('a', 'b'),
    key: fc.constantFrom('k', 'l'),
    invokedMs: atMs,
    tookMs: fc.integer({ min: 0, max: 30 }),
  })
  .map(({ tookMs, ...rest }) => ({ ...rest, returnedMs: rest.invokedMs + tookMs }))

const anyRecord: fc.Arbitrary<HistoryRecord> = fc.oneof(
  fc.tuple(timed, version).map(([base, is]) => ({ kind: 'write', version: is, ...base }) as const),
  fc
    .tuple(timed, fc.boolean(), fc.boolean(), fc.option(version))
    .map(([base, isResolved, isBarrier, upTo]): HistoryRecord => {
      const record: InvalidateRecord = { kind: 'invalidate', how: 'key', ...base }
      return {
        ...record,
        ...(isResolved && { resolvedMs: base.returnedMs }),
        ...(isBarrier && { barrier: true }),
        ...(upTo !== null && { upTo }),
      }
    }),
  fc
    .tuple(
      timed,
      version,
      fc.constantFrom(...readTiers),
      fc.constantFrom(...readModes),
      fc.option(version),
    )
    .map(([base, is, tier, mode, after]): HistoryRecord => {
      const record: ReadRecord = { kind: 'read', version: is, tier, mode, ...base }
      return { ...record, ...(after !== null && { after }) }
    }),
  fc
    .tuple(timed, version)
    .map(([base, is]) => ({ kind: 'final', version: is, tier: 'redis', ...base }) as const),
  fc.tuple(timed, fc.boolean()).map(([base, isAll]) => {
    return { kind: 'split', ...base, key: isAll ? '' : base.key } as const
  }),
)

function* slowly(history: readonly HistoryRecord[]): Iterable<string> {
  for (const [position, record] of history.entries()) {
    const same = history.filter(({ key }) => key === record.key)
    if (record.kind === 'final') {
      const all = same.flatMap((each) => (each.kind === 'write' ? [each.version] : []))
      if (record.version !== Math.max(0, ...all)) yield `${position} final`
    }
    if (record.kind === 'read')
      for (const rule of broken(record, history)) yield `${position} ${rule}`
  }
}

function* broken(read: ReadRecord, history: readonly HistoryRecord[]): Iterable<string> {
  const { version: seen, invokedMs, returnedMs, after = 0, process } = read
  const mayLag = read.mode === 'bounded' && ['memory', 'joined', 'stale'].includes(read.tier)
  let most = 0
  const rules = new Set<string>()
  for (const each of history) {
    if (each.kind === 'write' && each.key === read.key && each.invokedMs <= returnedMs) {
      most = Math.max(most, each.version)
    }
    if (each.kind !== 'invalidate' || each.key !== read.key || each.resolvedMs === undefined)
      continue
    if (coveredBy(each, history) <= seen) continue
    const countsMs = endOfSplits(each, history)
    if (countsMs < invokedMs - (mayLag ? boundMs : 0)) rules.add('bound')
    if (each.barrier === true && countsMs < invokedMs) rules.add('barrier')
    if (each.process === process && each.resolvedMs < invokedMs) rules.add('own write')
  }
  yield* rules
  if (seen < after) yield 'receipt'
  if (seen > most) yield 'from nowhere'
}

function coveredBy(
  { key, invokedMs, upTo = 1_000 }: InvalidateRecord,
  history: readonly HistoryRecord[],
): number {
  const versions = history.flatMap((each) => {
    const isBefore = each.kind === 'write' && each.key === key && each.returnedMs <= invokedMs
    return isBefore ? [each.version] : []
  })
  return Math.min(upTo, Math.max(0, ...versions))
}

/** Splits that it runs into may end in others: as often as there are any. */
function endOfSplits(record: InvalidateRecord, history: readonly HistoryRecord[]): number {
  let endMs = record.resolvedMs ?? 0
  for (const _ of history) {
    for (const each of history) {
      const isMet = each.kind === 'split' && (each.key === '' || each.key === record.key)
      if (isMet && each.invokedMs <= endMs && each.returnedMs >= record.invokedMs) {
        endMs = Math.max(endMs, each.returnedMs)
      }
    }
  }
  return endMs
}
