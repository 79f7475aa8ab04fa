/**
 * One rate limit: a bucket, and one of each client. A shared one lives in Redis, and where
 * Redis can't be asked it is decided here. Who waits has been promised its tokens by then, so
 * it waits for a time and for nobody else.
 */
import { durationIn, fieldsOf, integerIn, invalid } from '../core/option-checks.ts'
import type {
  LimiterStats,
  RateLimiter,
  TakeOptions,
  TakeResult,
  TokenBucket,
} from '../core/rate-limit.ts'
import { type Take, type TakeReply, takeWaitMsMax } from '../core/token-bucket.ts'
import type { TokenBuckets } from '../resilience/index.ts'
import type { Engine } from './engine.ts'
import { aborted, closedError, rateLimited } from './faults.ts'
import { encodedName, type LimiterRules } from './limiter-rules.ts'
import type { TickTaker } from './tick-taker.ts'

/** Calls of one limiter that wait; beyond them nobody waits. */
export const waitersMax = 10_000

export interface LimiterParts {
  readonly engine: Engine
  readonly taker: TickTaker
  /** Of this process, where Redis has no say. */
  readonly local: TokenBuckets
  /** Fires when the cache begins to close. */
  readonly closing: AbortSignal
}

interface TakeWait {
  readonly waitMs: number
  readonly signal: AbortSignal | undefined
}

export class Limiter implements RateLimiter {
  readonly #parts: LimiterParts
  readonly rules: LimiterRules
  #granted = 0
  #refused = 0
  #withoutRedis = 0
  #waiting = 0

  constructor(parts: LimiterParts, rules: LimiterRules) {
    this.#parts = parts
    this.rules = rules
  }

  get stats(): LimiterStats {
    return {
      granted: this.#granted,
      refused: this.#refused,
      withoutRedis: this.#withoutRedis,
      waiting: this.#waiting,
    }
  }

  take(count?: number, options?: TakeOptions): Promise<void> {
    return this.#take(this.rules.name, count, options)
  }

  tryTake(count?: number): Promise<TakeResult> {
    return this.#tryTake(this.rules.name, count)
  }

  of(client: string | number): TokenBucket {
    // An encoded name has no colon.
    const bucket = `${this.rules.name}:${encodedName('client', client)}`
    return {
      take: (count, options) => this.#take(bucket, count, options),
      tryTake: (count) => this.#tryTake(bucket, count),
    }
  }

  async #take(bucket: string, count: unknown, options: TakeOptions = {}): Promise<void> {
    const { waitMs, signal } = this.#waitOf(options)
    if (signal?.aborted) throw aborted(bucket, signal.reason)
    const isRoomy = this.#waiting < waitersMax
    this.#waiting++
    try {
      const reply = await this.#ask(bucket, count, isRoomy ? waitMs : 0)
      if (reply.kind === 'refused') throw rateLimited(this.rules.name, reply.retryAfterMs)
      if (reply.waitMs > 0) await this.#pause(reply.waitMs, signal)
      if (signal?.aborted) throw aborted(bucket, signal.reason)
    } finally {
      this.#waiting--
    }
  }

  async #tryTake(bucket: string, count: unknown): Promise<TakeResult> {
    const reply = await this.#ask(bucket, count, 0)
    const { remaining } = reply
    if (reply.kind === 'granted') return { granted: true, retryAfterMs: 0, remaining }
    return { granted: false, retryAfterMs: reply.retryAfterMs, remaining }
  }

  async #ask(bucket: string, count: unknown, waitMs: number): Promise<TakeReply> {
    const { taker, closing } = this.#parts
    if (closing.aborted) throw closedError()
    const { intervalMicros, capacityMicros, scope } = this.rules
    const waitMicros = waitMs * 1_000
    const ask = { intervalMicros, capacityMicros, waitMicros, count: this.#countOf(count) }
    const shared = scope === 'shared' ? await taker.take({ ...ask, name: bucket }) : undefined
    const reply = shared ?? this.#decide(bucket, ask)
    if (reply.kind === 'granted') this.#granted++
    else this.#tellRefused(ask.count, reply.retryAfterMs)
    return reply
  }

  /** Where Redis has no say. */
  #decide(bucket: string, ask: Take): TakeReply {
    const { local, engine } = this.#parts
    const { scope, whenRedisIsDown } = this.rules
    if (scope === 'process') return local.take(bucket, ask)
    this.#withoutRedis++
    if (whenRedisIsDown === 'local') return local.take(bucket, ask)
    if (whenRedisIsDown === 'allow') return { kind: 'granted', waitMs: 0, remaining: 0 }
    // Redis is asked whether it is there so often.
    return { kind: 'refused', retryAfterMs: engine.settings.trustMs, remaining: 0 }
  }

  #countOf(count: unknown): number {
    const range = { min: 1, max: this.rules.burst }
    return integerIn('take', { count }, 'count', range) ?? 1
  }

  #waitOf(options: TakeOptions): TakeWait {
    const fields = fieldsOf('take', options, ['wait', 'signal'])
    const waitMs = durationIn('take', fields, 'wait', { min: 1, max: takeWaitMsMax }) ?? 0
    const { signal } = fields
    if (signal === undefined || signal instanceof AbortSignal) return { waitMs, signal }
    throw invalid('take', 'signal', 'an AbortSignal', signal)
  }

  #tellRefused(count: number, retryAfterMs: number): void {
    this.#refused++
    const { watchers } = this.#parts.engine
    watchers.tell({ kind: 'limited', limiter: this.rules.name, count, retryAfterMs })
  }

  /** Until tokens that were promised have come back: a timer may fire a little early. */
  async #pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
    const { engine, closing } = this.#parts
    const { clock } = engine
    const untilMs = clock.now() + ms
    const ends = signal === undefined ? [closing] : [closing, signal]
    await new Promise<void>((resolve) => {
      const end = () => {
        timer.cancel()
        for (const one of ends) one.removeEventListener('abort', end)
        resolve()
      }
      const wake = () => {
        const leftMs = untilMs - clock.now()
        if (leftMs <= 0) end()
        else timer = clock.timer(leftMs, wake)
      }
      let timer = clock.timer(ms, wake)
      for (const one of ends) one.addEventListener('abort', end)
      if (closing.aborted || signal?.aborted) end()
    })
    if (closing.aborted) throw closedError()
  }
}
