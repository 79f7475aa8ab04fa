/**
 * The way of one partition's commands to the server that has it at the moment.
 *
 *   away ── the map names a server that is up ──▶ up
 *    ▲                                            │ the server sends us elsewhere
 *    │◀── nothing came of it in time ── moving ◀──┘
 *    └──────── the connection ends ◀── (from up)
 *
 * A redirection is never followed: the partition has no proof any more until the map
 * has been read again (PROTOCOL 3.6). The command was not executed, so while the
 * partition moves it waits, and is sent to whoever has the partition then.
 */
import type { Clock, Timer } from '../core/contracts/clock.ts'
import { type Connected, StoreFault } from '../core/contracts/store.ts'
import type { Argument, Commander, Urgency } from './commander.ts'
import type { RedisNode } from './redis-node.ts'
import { isRedirection } from './reply-fault.ts'

/** How long a redirected command may wait; callers give up earlier by their own budgets. */
export const MOVING_MS_MAX = 2000
/** Commands that wait in one partition; one more is `down`. */
export const WAITING_MAX = 1000

export interface RouteOptions {
  readonly clock: Clock
  /** A number never given before. */
  readonly nextGeneration: () => number
  /** The server has sent us elsewhere: the route must be told to `stray`. */
  readonly redirected: (reason: string) => void
}

export class PartitionRoute implements Commander {
  readonly #options: RouteOptions
  readonly #waiting = new Set<() => void>()
  #node: RedisNode | undefined
  #connected: Connected | undefined
  #moving: Timer | undefined
  #awayBecause = 'no server is known for the partition'

  constructor(options: RouteOptions) {
    this.#options = options
  }

  get connected(): Connected | undefined {
    return this.#connected
  }

  get node(): RedisNode | undefined {
    return this.#node
  }

  /** Which server has it; `up` follows when that is connected. */
  lead(node: RedisNode | undefined): void {
    this.#node = node
  }

  /** Replies to what was sent before count no longer. */
  up(connected: Connected): Connected {
    this.#moving?.cancel()
    this.#moving = undefined
    this.#connected = { ...connected, generation: this.#options.nextGeneration() }
    this.#wake()
    return this.#connected
  }

  /** True where it was up. */
  down(reason: string): boolean {
    const wasUp = this.#connected !== undefined
    this.#connected = undefined
    this.#awayBecause = reason
    return wasUp
  }

  /** As `down`, where another server is known to have it, or will be soon. */
  stray(reason: string): boolean {
    const wasUp = this.down(reason)
    if (!wasUp) return false
    const giveUp = () => {
      this.#moving = undefined
      this.#wake()
    }
    this.#moving = this.#options.clock.timer(MOVING_MS_MAX, giveUp, 'background')
    return true
  }

  async send(command: string, args: Argument[], urgency?: Urgency): Promise<unknown> {
    const deadlineMs = this.#options.clock.now() + MOVING_MS_MAX
    for (;;) {
      if (this.#connected === undefined) await this.#settled()
      const connected = this.#connected
      try {
        return await this.#commander().send(command, args, urgency)
      } catch (error) {
        this.#heed(connected, error)
        if (!isRedirection(error) || this.#options.clock.now() >= deadlineMs) throw error
      }
    }
  }

  /** Reads are not sent again: their callers have another source, which is quicker. */
  async pipeline(commands: [string, ...Argument[]][]): Promise<unknown[]> {
    const connected = this.#connected
    const replies = await this.#commander().pipeline(commands)
    for (const reply of replies) this.#heed(connected, reply)
    return replies
  }

  /**
   * Here it only asks the server anew: its incarnation changes whenever a hash slot comes
   * in, and that is no reason to lose what the other partitions have under way.
   */
  reconnect(): void {
    void this.#node?.commands.verify()
  }

  close(): void {
    this.down('closed by this process')
    this.#moving?.cancel()
    this.#moving = undefined
    this.#wake()
  }

  #commander(): Commander {
    if (this.#connected !== undefined && this.#node !== undefined) return this.#node.commands
    throw new StoreFault('down', `not connected: ${this.#awayBecause}`)
  }

  /** A redirection by a server that has been left already says nothing new. */
  #heed(asked: Connected | undefined, reply: unknown): void {
    if (asked === undefined || asked !== this.#connected || !isRedirection(reply)) return
    this.#options.redirected(reply.message)
  }

  /** While the partition moves: until it is up, or that has taken too long. */
  #settled(): Promise<void> {
    const mayWait = this.#moving !== undefined && this.#waiting.size < WAITING_MAX
    if (!mayWait) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.add(resolve))
  }

  #wake(): void {
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const resolve of waiting) resolve()
  }
}
