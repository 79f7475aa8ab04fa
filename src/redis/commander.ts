/**
 * The port through which scripts and reads reach one Redis node. Commands leave in the
 * order of their calls, those of one tick together; replies come in that order.
 * Names in upper case: the replies are Redis' own, nothing is reshaped. Each character of a
 * text in them is one byte.
 *
 * What a promise rejects with:
 * - `StoreFault` `down`: not sent. `lost`: sent, outcome unknown (the connection ended).
 *   `refused`: the server said no; where that ends proof, a reconnection has begun.
 * - the plain reply error for `NOSCRIPT` and `WRONGTYPE`, which a store answers itself.
 */
import type { Connected } from '../core/contracts/store.ts'

/** A text is sent as UTF-8. */
export type Argument = string | number | Buffer

/**
 * When a command is written: with all others of its tick, in one system call; or at once, with
 * those of its tick that came before it, because somebody elsewhere waits for its effect.
 */
export type Urgency = 'withTick' | 'now'

export interface Commander {
  /** What the open connection has proven; undefined while there is none. */
  readonly connected: Connected | undefined
  /** By default it leaves with its tick. */
  send(command: string, args: Argument[], urgency?: Urgency): Promise<unknown>
  /**
   * For each command a reply or an Error (`refused`, or a plain reply error). Rejects as
   * a whole, with `down` or `lost`, when not every command has been answered.
   */
  pipeline(commands: [string, ...Argument[]][]): Promise<unknown[]>
  /**
   * Has the server identified anew. A single connection ends for it at once, without
   * waiting for the peer; a route of a cluster asks on the open one.
   */
  reconnect(reason: string): void
}
