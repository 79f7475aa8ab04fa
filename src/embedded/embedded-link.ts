/**
 * The connection of one process to the embedded server: nothing can fail on it, yet it ends
 * and begins anew where a connection to Redis would, so that callers see the same life.
 */
import type { Clock } from '../core/contracts/clock.ts'
import type { Connected, StoreListener } from '../core/contracts/store.ts'
import type { EmbeddedServer } from './embedded-server.ts'

export class EmbeddedLink {
  readonly #server: EmbeddedServer
  readonly #clock: Clock
  #listener: StoreListener | undefined
  #connected: Connected | undefined
  #generation = 0
  readonly #lost = (reason: string) => this.reconnect(reason)

  constructor(server: EmbeddedServer, clock: Clock) {
    this.#server = server
    this.#clock = clock
  }

  get connected(): Connected | undefined {
    return this.#connected
  }

  open(listener: StoreListener): void {
    this.#listener = listener
    this.#server.connect(this.#lost)
    this.#up()
  }

  /** Down now, up again when the tick ends. */
  reconnect(reason: string): void {
    if (this.#connected === undefined) return
    this.#connected = undefined
    for (const partition of this.#partitions()) this.#listener?.down(partition, reason)
    this.#clock.endOfTick(() => this.#up())
  }

  close(): void {
    this.#server.disconnect(this.#lost)
    this.#listener = undefined
    this.#connected = undefined
  }

  #up(): void {
    if (this.#listener === undefined) return
    this.#generation += 1
    const connected = { ...this.#server.incarnation, generation: this.#generation }
    this.#connected = { ...connected, lostTailMs: undefined }
    for (const partition of this.#partitions()) this.#listener.up(partition, this.#connected)
  }

  #partitions(): Iterable<number> {
    return Array(this.#server.partitions).keys()
  }
}
