/**
 * The bus of one process on the embedded server. Messages are handed over in the order in
 * which they were published, when the tick that published them ends.
 */
import type { Bus, BusListener } from '../core/contracts/bus.ts'
import type { Clock } from '../core/contracts/clock.ts'
import type { EmbeddedServer, Subscriber } from './embedded-server.ts'

/** A process that lets more wait is cut off, as Redis does when an output buffer is full. */
export const waitingMax = 100_000

type Waiting = readonly [kind: 'message' | 'direct', partition: number, text: string]

export class EmbeddedBus implements Bus {
  readonly #server: EmbeddedServer
  readonly #clock: Clock
  #listener: BusListener | undefined
  #subscriber: Subscriber | undefined
  #waiting: Waiting[] = []
  #generation = 0
  #process = ''
  readonly #lost = (reason: string) => this.#resubscribe(reason)

  constructor(server: EmbeddedServer, clock: Clock) {
    this.#server = server
    this.#clock = clock
  }

  get database(): number {
    return this.#server.database
  }

  open(process: string, listener: BusListener): void {
    this.#process = process
    this.#listener = listener
    this.#server.connect(this.#lost)
    this.#subscribe()
  }

  resubscribe(_partition: number, reason: string): void {
    this.#resubscribe(reason)
  }

  #resubscribe(reason: string): void {
    if (!this.#unsubscribe()) return
    this.#eachPartition((partition) => this.#listener?.unsubscribed(partition, reason))
    this.#clock.endOfTick(() => this.#subscribe())
  }

  close(): void {
    this.#server.disconnect(this.#lost)
    this.#listener = undefined
    this.#unsubscribe()
  }

  #subscribe(): void {
    if (this.#listener === undefined || this.#subscriber !== undefined) return
    this.#subscriber = {
      process: this.#process,
      message: (partition, text) => this.#push(['message', partition, text]),
      direct: (partition, text) => this.#push(['direct', partition, text]),
    }
    this.#server.subscribe(this.#subscriber)
    this.#generation += 1
    const subscribed = { ...this.#server.incarnation, generation: this.#generation }
    this.#eachPartition((partition) => this.#listener?.subscribed(partition, subscribed))
  }

  /** What still waits belongs to the subscription that ends. */
  #unsubscribe(): boolean {
    if (this.#subscriber === undefined) return false
    this.#server.unsubscribe(this.#subscriber)
    this.#subscriber = undefined
    this.#waiting = []
    return true
  }

  #push(waiting: Waiting): void {
    if (this.#waiting.length === 0) this.#clock.endOfTick(() => this.#deliver())
    this.#waiting.push(waiting)
    if (this.#waiting.length > waitingMax) this.#resubscribe(`${waitingMax} messages were waiting`)
  }

  /**
   * A listener may publish or resubscribe: what comes then waits for the next tick. A
   * message half applied is a message missed, so a listener that throws ends the subscription.
   */
  #deliver(): void {
    const subscriber = this.#subscriber
    const delivered = this.#waiting
    this.#waiting = []
    try {
      for (const [kind, partition, text] of delivered) {
        if (this.#subscriber !== subscriber) return
        if (kind === 'message') this.#listener?.message(partition, text)
        else this.#listener?.direct(partition, text)
      }
    } catch (error) {
      this.#resubscribe(`a message could not be applied: ${String(error)}`)
    }
  }

  #eachPartition(tell: (partition: number) => void): void {
    for (let partition = 0; partition < this.#server.partitions; partition++) tell(partition)
  }
}
