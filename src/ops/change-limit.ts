/** How many changes one user may make: sixty at once, and one more each second. */
import { takeFrom } from '../core/token-bucket.ts'
import { Refusal } from './problem.ts'

export const changesPerMinute = 60
/** At the bound who has asked least lately is forgotten, and may ask anew. */
const usersMax = 1_000
const quota = { intervalMicros: 1_000_000, capacityMicros: changesPerMinute * 1_000_000 }

export class ChangeLimit {
  readonly #fullMicros = new Map<string, number>()

  /** Throws a refusal. */
  take(user: string, nowMs: number): void {
    const ask = { ...quota, waitMicros: 0, count: 1 }
    const nowMicros = Math.floor(nowMs * 1_000)
    const { fullMicros, reply } = takeFrom(this.#fullMicros.get(user), ask, nowMicros)
    this.#fullMicros.delete(user)
    this.#fullMicros.set(user, fullMicros)
    const [oldest] = this.#fullMicros.keys()
    if (this.#fullMicros.size > usersMax && oldest !== undefined) this.#fullMicros.delete(oldest)
    if (reply.kind === 'granted') return
    const detail = `A user makes at most ${changesPerMinute} changes a minute.`
    throw new Refusal('RATE_LIMITED', detail, reply.retryAfterMs)
  }
}
