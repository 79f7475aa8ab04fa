/**
 * What all viewers are told: each invalidation, changes of state, and the overview every two
 * seconds as long as somebody watches. One of it feeds all of them.
 */
import type { Clock, Timer } from '../core/contracts/clock.ts'
import type { CacheEvent } from '../core/outcome.ts'
import type { Follower } from '../observe/index.ts'
import type { OverviewAnswer, StreamEvent } from './answers.ts'
import type { KeyBook } from './key-book.ts'
import { shownRow } from './key-rows.ts'
import type { OpsCache, OpsInvalidations } from './platform.ts'
import { type Guest, Viewers } from './viewers.ts'

const overviewEveryMs = 2_000
const beatEveryTicks = 7

export interface BroadcasterParts {
  readonly cache: Pick<OpsCache, 'observe'>
  readonly invalidations: OpsInvalidations
  readonly keys: KeyBook
  readonly clock: Clock
  readonly overview: () => Promise<OverviewAnswer>
  /** An overview that fails is left out; the next one is two seconds away. */
  readonly onError: (error: unknown) => void
}

export class Broadcaster {
  readonly #parts: BroadcasterParts
  readonly #viewers = new Viewers()
  readonly #follower: Follower
  readonly #end: (() => void)[]
  #timer: Timer | undefined
  #ticks = 0

  constructor(parts: BroadcasterParts) {
    this.#parts = parts
    let isDue = false
    this.#follower = parts.invalidations.follow(() => {
      if (isDue) return
      isDue = true
      // Whoever invalidates does not wait for those who watch.
      parts.clock.endOfTick(() => {
        isDue = false
        this.#tell()
      })
    })
    const stop = parts.cache.observe({ notify: (event) => this.#note(event) })
    this.#end = [stop, () => this.#follower.close()]
  }

  get viewers(): number {
    return this.#viewers.count
  }

  /** Undefined: there are as many streams as one process feeds. */
  open(guest: Guest): ReadableStream<Uint8Array> | undefined {
    const { invalidations, clock } = this.#parts
    // What came before it is in the answer of the route; nobody is told it twice.
    this.#tell()
    const first = { type: 'hello', seq: invalidations.seen, atMs: clock.wallMs() } as const
    const stream = this.#viewers.open(first, guest)
    if (stream !== undefined && this.#timer === undefined) void this.#tick()
    return stream
  }

  close(): void {
    for (const end of this.#end) end()
    this.#timer?.cancel()
    this.#viewers.close()
  }

  async #tick(): Promise<void> {
    const { clock, overview, onError } = this.#parts
    // Armed first: an overview that takes long must not make a second ticker.
    this.#timer = clock.timer(overviewEveryMs, () => this.#next(), 'background')
    this.#ticks++
    if (this.#ticks % beatEveryTicks === 0) this.#viewers.beat()
    try {
      this.#viewers.send({ type: 'overview', overview: await overview() })
    } catch (error) {
      onError(error)
    }
  }

  #tell(): void {
    const { rows, dropped } = this.#follower.take()
    if (this.#viewers.count === 0) return
    if (dropped > 0) this.#viewers.skip(dropped)
    for (const row of rows) {
      const invalidation = shownRow(row, this.#parts.keys)
      this.#viewers.send({ type: 'invalidation', invalidation })
    }
  }

  #next(): void {
    this.#timer = undefined
    if (this.#viewers.count > 0) void this.#tick()
  }

  #note(event: CacheEvent): void {
    const state = stateIn(event)
    if (state !== undefined && this.#viewers.count > 0) {
      this.#viewers.send({ type: 'state', atMs: this.#parts.clock.wallMs(), ...state })
    }
  }
}

type StateChange = Omit<Extract<StreamEvent, { type: 'state' }>, 'type' | 'atMs'>

function stateIn(event: CacheEvent): StateChange | undefined {
  switch (event.kind) {
    case 'trust': {
      const now = event.held ? 'is trusted again' : 'is not trusted'
      return {
        kind: 'trust',
        text: `memory of partition ${event.partition} ${now}: ${event.reason}`,
      }
    }
    case 'link': {
      const now = event.up ? 'up' : 'down'
      return {
        kind: 'link',
        text: `${event.link} of partition ${event.partition} ${now}: ${event.reason}`,
      }
    }
    case 'breaker':
      return { kind: 'breaker', text: `${event.breaker}: ${event.before} to ${event.state}` }
    case 'incarnation':
      return {
        kind: 'incarnation',
        text: `partition ${event.partition} has another server or other data`,
      }
    default:
      return undefined
  }
}
