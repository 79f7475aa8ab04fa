/**
 * The commands under way on one link. It lives as long as the link: when that ends,
 * everything unanswered is `lost`, also replies that arrive in the same turn.
 *
 * This is the hot path of every second-tier read: no timer and no closure for a command.
 * Writes of one tick are held back and leave in one system call at its end, which with
 * 64 callers takes half the CPU time of plain ioredis, and no more with one caller. What is to
 * leave at once takes those along that wait.
 */
import type { Clock } from '../core/contracts/clock.ts'
import { StoreFault } from '../core/contracts/store.ts'
import type { Argument, Urgency } from './commander.ts'
import type { OpenLink } from './link.ts'
import { replyFault } from './reply-fault.ts'
import { WireCommand } from './wire-command.ts'

/** Beyond this a command is refused as `down`: the server does not keep up. */
export const UNANSWERED_MAX = 10_000
/** Bytes waiting for the socket beyond which a command is refused as `down`. */
export const UNSENT_BYTES_MAX: number = 64 * 1024 * 1024

/** Slots are byte strings; everything else that is asked for is ASCII. */
const AS_BYTES = { replyEncoding: 'latin1' } as const

export class Exchange {
  readonly #redis: OpenLink['redis']
  readonly #socket: OpenLink['redis']['stream']
  readonly #clock: Clock
  readonly #endsProof: (reason: string) => void
  #sent = 0
  #answered = 0
  #corked = false
  #ended: string | undefined

  /** `endsProof` is called when a reply shows that the server is not what it was. */
  constructor({ redis }: OpenLink, clock: Clock, endsProof: (reason: string) => void) {
    this.#redis = redis
    this.#socket = redis.stream
    this.#clock = clock
    this.#endsProof = endsProof
  }

  get sent(): number {
    return this.#sent
  }

  get answered(): number {
    return this.#answered
  }

  send(command: string, args: Argument[], urgency: Urgency = 'withTick'): Promise<unknown> {
    const full = this.#full(1)
    if (full !== undefined) return Promise.reject(full)
    if (urgency === 'withTick') this.#cork()
    const replied = this.#write(command, args).then(this.#reply, this.#failure)
    if (this.#corked && urgency === 'now') this.#uncork()
    return replied
  }

  pipeline(commands: [string, ...Argument[]][]): Promise<unknown[]> {
    const full = this.#full(commands.length)
    if (full !== undefined) return Promise.reject(full)
    this.#cork()
    const replies = new Array<Promise<unknown>>(commands.length)
    for (let i = 0; i < replies.length; i++) {
      const [name, ...args] = commands[i] ?? ['']
      replies[i] = this.#write(name, args).then(this.#reply, this.#failureAsValue)
    }
    return Promise.all(replies)
  }

  /** The link has ended; ioredis rejects what it still holds. */
  end(reason: string): void {
    this.#ended = reason
  }

  #write(name: string, args: Argument[]): Promise<unknown> {
    this.#sent += 1
    const command = new WireCommand(name, args, AS_BYTES)
    this.#redis.sendCommand(command)
    return command.promise
  }

  #full(count: number): StoreFault | undefined {
    if (this.#sent - this.#answered + count > UNANSWERED_MAX) {
      return new StoreFault('down', `too many unanswered commands (${UNANSWERED_MAX})`)
    }
    if (this.#socket.writableLength > UNSENT_BYTES_MAX) {
      return new StoreFault('down', `too many unsent bytes (${UNSENT_BYTES_MAX})`)
    }
    return undefined
  }

  #cork(): void {
    if (this.#corked) return
    this.#corked = true
    this.#socket.cork()
    this.#clock.endOfTick(this.#uncork)
  }

  /** At the end of a tick it may have been done before. */
  readonly #uncork = (): void => {
    this.#corked = false
    this.#socket.uncork()
  }

  readonly #reply = (reply: unknown): unknown => {
    this.#answered += 1
    if (this.#ended !== undefined) throw this.#lost(this.#ended)
    return reply
  }

  readonly #failure = (error: unknown): never => {
    throw this.#failed(error)
  }

  readonly #failureAsValue = (error: unknown): Error => {
    const failed = this.#failed(error)
    if (failed instanceof StoreFault && failed.kind === 'lost') throw failed
    return failed
  }

  #failed(error: unknown): Error {
    this.#answered += 1
    if (this.#ended !== undefined) return this.#lost(this.#ended)
    const fault = replyFault(error)
    if (fault === undefined) return this.#lost(String(error))
    if (fault.endsProof) this.#endsProof(fault.error.message)
    return fault.error
  }

  #lost(reason: string): StoreFault {
    return new StoreFault('lost', `no reply: ${reason}`)
  }
}
