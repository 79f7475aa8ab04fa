/** A client of the workload: does one random thing after another with a cache. */
import { isStaleproofError } from '../../core/errors.ts'
import { hostMs } from '../../system.ts'
import { pick } from './chance.ts'
import { type Move, nextMove } from './moves.ts'
import { pause } from './pause.ts'
import { type ClientParts, Reads } from './reads.ts'
import { allNames } from './registers.ts'
import { Writes } from './writes.ts'

/** Kept of one client; more say the same. */
const failuresMax = 3

/** What a fault may do to a call: the caller is told, and the promise says nothing of it. */
const expectedCodes = [
  'SP_INVALIDATION_PENDING',
  'SP_REDIS_DOWN',
  'SP_LOAD_TIMEOUT',
  'SP_CLOSED',
] as const

export class Client {
  operations = 0
  readonly failures: string[] = []
  readonly #reads: Reads
  readonly #writes: Writes
  readonly #everyMs: number
  #isOver = false

  constructor(parts: ClientParts, opsPerSecond: number) {
    this.#reads = new Reads(parts)
    this.#writes = new Writes(parts)
    this.#everyMs = 1_000 / opsPerSecond
  }

  /** Goes on until `rest`, never faster than it was told. What a delay took is caught up. */
  async run(): Promise<void> {
    let dueMs = hostMs()
    while (!this.#isOver) {
      await this.#try(nextMove())
      this.operations++
      dueMs = Math.max(dueMs + this.#everyMs, hostMs() - behindMsMax)
      const leftMs = dueMs - hostMs()
      if (leftMs > shortestPauseMs) await pause(leftMs)
    }
  }

  rest(): void {
    this.#isOver = true
  }

  async #try(move: Move): Promise<void> {
    try {
      await this.#do(move)
    } catch (error) {
      if (expectedCodes.some((code) => isStaleproofError(error, code))) return
      if (this.failures.length === failuresMax) return
      this.failures.push(`${move}: ${error instanceof Error ? error.stack : String(error)}`)
    }
  }

  #do(move: Move): Promise<void> {
    const name = pick(allNames)
    switch (move) {
      case 'plain':
      case 'many':
      case 'strict':
      case 'fresh':
      case 'after':
        return this.#reads.do(move, name)
      case 'set':
        return this.#writes.set()
      case 'mutate':
        return this.#writes.mutate(name, 'run')
      case 'mutate or refuse':
        return this.#writes.mutate(name, 'refuse')
      default:
        return this.#writes.invalidate(move, name)
    }
  }
}

/** A client that was held up does not make up for more. */
const behindMsMax = 500
/** Timers are not exact; what is shorter is added to the next pause. */
const shortestPauseMs = 1
