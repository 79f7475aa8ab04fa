/** The frame of `fill` and `replace`; see `redis/scripts/storing.ts`. */
import type { Fill, FillRequest, FillVerdict } from '../../core/contracts/store.ts'
import type { Step } from '../partition.ts'
import { groupsOf, type Met, meet, newestOf, put } from '../rules.ts'

export interface Storing<Found extends Met> {
  /** The slot, if it is what the fill expects to find there. */
  expected(slot: Met | undefined, fill: Fill): Found | undefined
  /** The lowest order that may be stored over it. */
  minimum(found: Found): string
  /** What becomes of the slot when the fill is refused. */
  refused(key: string, found: Found): void
}

export function store<Found extends Met>(
  step: Step,
  request: FillRequest,
  storing: Storing<Found>,
): FillVerdict[] {
  return request.fills.map((fill) => {
    const found = storing.expected(meet(step, fill.key), fill)
    if (found === undefined) return 'gone'
    const lifeMs = lifeLeftMs(step, fill)
    const why = refusal(step, { fill, request, lifeMs, minimum: storing.minimum(found) })
    if (why !== undefined) storing.refused(fill.key, found)
    else put(step, fill.key, { text: fill.text, lifeMs })
    return why ?? 'stored'
  })
}

interface Candidate {
  readonly fill: Fill
  readonly request: FillRequest
  readonly lifeMs: number
  readonly minimum: string
}

function refusal(
  step: Step,
  { fill, request, lifeMs, minimum }: Candidate,
): FillVerdict | undefined {
  if (isOvertaken(step, fill, request)) return 'group'
  if (fill.order < minimum) return 'older'
  return lifeMs < 1 ? 'late' : undefined
}

/** Was a group invalidated since the clock that was granted? */
function isOvertaken(step: Step, fill: Fill, { epoch, clock }: FillRequest): boolean {
  const groups = groupsOf(step)
  if (groups === undefined || groups.epoch !== epoch || groups.floor > clock) return true
  return newestOf(step, fill.tags) > clock
}

/** What is left of the life that began at the grant, by either clock. */
function lifeLeftMs({ nowMs }: Step, { lifeMs, bornMs, elapsedMs }: Fill): number {
  return Math.floor(lifeMs - Math.max(nowMs - bornMs, elapsedMs))
}
