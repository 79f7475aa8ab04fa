/**
 * The bus of one process behind a faulty route. Like the one on Redis it is subscribed only at
 * the incarnation that the commands have proven, because an echo that crosses two servers
 * would prove nothing.
 */
import type { Bus, BusListener } from '../core/contracts/bus.ts'
import type { Incarnation } from '../core/contracts/store.ts'
import type { FaultyStore } from './faulty-store.ts'
import { FaultyUplink, type UplinkOptions } from './faulty-uplink.ts'

/** What happens to messages on their way, besides waiting. */
export interface MessageFaults {
  /** Of a single message: nothing closes. */
  isLost(): boolean
  isDoubled(): boolean
}

export interface FaultyBusOptions extends UplinkOptions {
  readonly partitions: number
  readonly faults: MessageFaults
}

type State = 'away' | 'identified' | 'subscribed'

export class FaultyBus implements Bus {
  readonly database = 0
  readonly #options: FaultyBusOptions
  readonly #commands: FaultyStore
  readonly #uplink: FaultyUplink
  #listener: BusListener | undefined
  #state: State = 'away'
  #incarnation: Incarnation | undefined
  #generation = 0
  #mismatches = 0

  constructor(options: FaultyBusOptions, commands: FaultyStore) {
    this.#options = options
    this.#commands = commands
    this.#uplink = new FaultyUplink(options, {
      opened: (_, incarnation) => {
        this.#state = 'identified'
        this.#incarnation = incarnation
        this.#match()
      },
      closed: (reason) => this.#closed(reason),
      message: (partition, text) => this.#hear((listener) => listener.message(partition, text)),
      direct: (partition, text) => this.#hear((listener) => listener.direct(partition, text)),
    })
  }

  get isSubscribed(): boolean {
    return this.#state === 'subscribed'
  }

  open(process: string, listener: BusListener): void {
    this.#listener = listener
    this.#uplink.open(process)
  }

  close(): void {
    this.#listener = undefined
    this.#uplink.close()
  }

  resubscribe(_partition: number, reason: string): void {
    if (this.#state === 'subscribed') this.#uplink.reconnect(reason)
  }

  /** To be called whenever the commands have reached a server. */
  commandsUp(): void {
    if (this.#state === 'away') return
    if (this.#state === 'identified') this.#match()
    else if (this.#incarnation?.stamp !== this.#commands.connectedOf(0)?.stamp) {
      this.#uplink.reconnect('commands have reached another incarnation')
    }
  }

  #match(): void {
    const connected = this.#commands.connectedOf(0)
    const incarnation = this.#incarnation
    if (connected === undefined || incarnation === undefined) return
    if (connected.stamp !== incarnation.stamp) {
      this.#mismatches += 1
      const reason = 'commands and subscriber have reached different servers'
      this.#uplink.reconnect(reason)
      if (this.#mismatches % 2 === 0) this.#commands.reconnect(0, reason)
      return
    }
    this.#state = 'subscribed'
    this.#mismatches = 0
    this.#generation += 1
    const subscribed = { ...incarnation, generation: this.#generation }
    this.#eachPartition((partition) => this.#listener?.subscribed(partition, subscribed))
  }

  #closed(reason: string): void {
    const wasSubscribed = this.#state === 'subscribed'
    this.#state = 'away'
    if (!wasSubscribed) return
    this.#eachPartition((partition) => this.#listener?.unsubscribed(partition, reason))
  }

  /** What comes before the subscription is told concerns nothing that begins with it. */
  #hear(tell: (listener: BusListener) => void): void {
    const { faults } = this.#options
    if (this.#listener === undefined || this.#state !== 'subscribed' || faults.isLost()) return
    tell(this.#listener)
    if (faults.isDoubled()) tell(this.#listener)
  }

  #eachPartition(tell: (partition: number) => void): void {
    for (let partition = 0; partition < this.#options.partitions; partition++) tell(partition)
  }
}
