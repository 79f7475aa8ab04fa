/** The shortest evidence of a violation: what happened to the key just before, for people. */
import type { HistoryRecord } from './record.ts'
import type { Violation } from './verdict.ts'

/** Lines that show a violation; the last one of them is the read. */
export const storyLinesMax = 16

/** Reads before it say little; what was written and invalidated is the case. */
const readsMax = 4

/** A history that goes by once, of which only what may be told is kept. */
export class Story {
  readonly #violation: Violation
  #changes: HistoryRecord[] = []
  #reads: HistoryRecord[] = []

  constructor(violation: Violation) {
    this.#violation = violation
  }

  learn(record: HistoryRecord): void {
    const { key, returnedMs, invokedMs } = this.#violation
    if (record.key !== key || record.invokedMs > returnedMs) return
    if (record.kind === 'read' || record.kind === 'final') {
      if (record.returnedMs > invokedMs) return
      this.#reads = latest([...this.#reads, record], readsMax)
    } else {
      this.#changes = latest([...this.#changes, record], storyLinesMax - readsMax - 2)
    }
  }

  lines(): readonly string[] {
    const { rule, key, process, tier, version, expected, returnedMs, invokedMs } = this.#violation
    const told = byTime([...this.#changes, ...this.#reads])
    const read = `${process} read ${version} from ${tier}`
    return [
      `${key}: ${rule}, expected ${expectationOf(rule)} ${expected}, saw ${version}`,
      ...told.map((each) => `${spanOf(each, returnedMs)} ${sentenceOf(each)}`),
      `${spanOf({ invokedMs, returnedMs }, returnedMs)} ${read}  <-`,
    ]
  }
}

/** The evidence of a violation in a history that is in memory. */
export function storyOf(history: Iterable<HistoryRecord>, violation: Violation): readonly string[] {
  const story = new Story(violation)
  for (const record of history) story.learn(record)
  return story.lines()
}

function latest(records: readonly HistoryRecord[], count: number): HistoryRecord[] {
  return byTime(records).slice(-count)
}

function byTime(records: readonly HistoryRecord[]): HistoryRecord[] {
  return [...records].sort((left, right) => left.returnedMs - right.returnedMs)
}

function expectationOf(rule: Violation['rule']): string {
  if (rule === 'from nowhere') return 'at most'
  return rule === 'final' ? 'exactly' : 'at least'
}

/** Milliseconds before the end of the read. */
function spanOf(
  { invokedMs, returnedMs }: { readonly invokedMs: number; readonly returnedMs: number },
  zeroMs: number,
): string {
  const [from, to] = [invokedMs - zeroMs, returnedMs - zeroMs]
  return `${from.toFixed(1).padStart(9)} … ${to.toFixed(1).padStart(7)} ms`
}

function sentenceOf(record: HistoryRecord): string {
  const { process, note } = record
  const more = note === undefined ? '' : ` (${note})`
  switch (record.kind) {
    case 'write':
      return `${process} wrote ${record.version}${more}`
    case 'invalidate': {
      const what = `${process} invalidated by ${record.how}${record.barrier ? ', barrier' : ''}`
      return `${what}${record.resolvedMs === undefined ? ', pending' : ''}${more}`
    }
    case 'read':
    case 'final':
      return `${process} read ${record.version} from ${record.tier}${more}`
    case 'split':
      return `two servers accepted writes${more}`
  }
}
