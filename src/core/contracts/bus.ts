/**
 * The bus: messages of PROTOCOL 4 from every process to every process, and the
 * echoes of a process's own beats, on one connection and in one order for each
 * partition. Callbacks run synchronously in the order of arrival.
 */
import type { Incarnation } from './store.ts'

export interface Subscribed extends Incarnation {
  /** Rises with every subscription; messages before it may have been missed. */
  readonly generation: number
}

export interface BusListener {
  subscribed(partition: number, subscribed: Subscribed): void
  /** Messages may be missed from now on. */
  unsubscribed(partition: number, reason: string): void
  /** The text of a message, of any logical database (see `parseMessage`). */
  message(partition: number, text: string): void
  /** The text published to this process alone: echoes and acknowledgements (see `parseDirect`). */
  direct(partition: number, text: string): void
}

export interface Bus {
  /** Logical database of the connection; messages of others are not for us. */
  readonly database: number
  /** Ends the subscription of a partition and makes a new one, for all on the same server. */
  resubscribe(partition: number, reason: string): void
}
