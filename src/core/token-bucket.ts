/**
 * A token bucket as one number: the time at which it will be full again. A token costs the
 * time in which one comes back, so taking is an addition, and a bucket that is full needs no
 * record at all. (The generic cell rate algorithm of ATM, ITU-T I.371, says the same.)
 *
 *   now ─────────── capacity ───────────▶│
 *    ▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓│ · · tokens left · │      ▓ what has been taken, from now to `full`
 *
 * Who may wait takes from the time behind the capacity: its tokens are promised to nobody
 * else, and it uses them when they have come back. So the order of asking is the order of
 * getting, over all processes, and nobody asks twice. A promise that is not used is lost.
 *
 * In any time `t` no more than `capacity + t` is used, whoever asks in whatever order. Times
 * are whole microseconds of one clock; `redis/scripts/take.ts` is the same rule in Lua.
 */

export interface Quota {
  /** In which one token comes back. */
  readonly intervalMicros: number
  /** In which an empty bucket becomes full. */
  readonly capacityMicros: number
}

export interface Take extends Quota {
  readonly count: number
  /** How long the taker would wait for its tokens. */
  readonly waitMicros: number
}

/** `remaining`: tokens that could be taken at once after it. */
export type TakeReply =
  /** To be used after `waitMs`. */
  | { readonly kind: 'granted'; readonly waitMs: number; readonly remaining: number }
  /** `retryAfterMs`: until nobody would have to wait for as many, if nobody took any. */
  | { readonly kind: 'refused'; readonly retryAfterMs: number; readonly remaining: number }

export interface Taken {
  /** When the bucket is full again. */
  readonly fullMicros: number
  readonly reply: TakeReply
}

/**
 * Longest that anybody waits. A bucket whose clock was put back is not believed to be
 * emptier than this makes it: it refuses for no longer.
 */
export const takeWaitMsMax = 60_000

/** `fullMicros` undefined: the bucket is full. */
export function takeFrom(fullMicros: number | undefined, ask: Take, nowMicros: number): Taken {
  const { intervalMicros, capacityMicros, waitMicros, count } = ask
  const latest = nowMicros + capacityMicros + takeWaitMsMax * 1_000
  const full = Math.min(Math.max(fullMicros ?? nowMicros, nowMicros), latest)
  const next = full + count * intervalMicros
  const overMicros = next - nowMicros - capacityMicros
  const isGranted = overMicros <= waitMicros
  const after = isGranted ? next : full
  const spareMicros = Math.max(0, nowMicros + capacityMicros - after)
  const remaining = Math.floor(spareMicros / intervalMicros)
  const ms = Math.max(0, Math.ceil(overMicros / 1_000))
  const reply: TakeReply = isGranted
    ? { kind: 'granted', waitMs: ms, remaining }
    : { kind: 'refused', retryAfterMs: ms, remaining }
  return { fullMicros: after, reply }
}
