/**
 * A server as the network sees it: an embedded server behind connections, which can be out of
 * memory, read-only, gone, or another one than it was without any connection having closed.
 */

import type { BusListener } from '../core/contracts/bus.ts'
import type { Remote } from '../core/contracts/remote.ts'
import type { StoreListener } from '../core/contracts/store.ts'
import { type EmbeddedServer, openEmbedded } from '../embedded/index.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** What a command asks of a server: some are refused by one that has no memory left. */
export type Effect = 'reads' | 'frees' | 'needsMemory'

/** The answer of a server that is no longer primary: whoever hears it looks for another. */
export const READ_ONLY = 'READONLY'

/**
 * `noMemory`: what needs memory is refused. `isolated`: every write is, for want of
 * replicas. `replica`: every write is, and whoever asks who it is finds no primary.
 */
export type ServerState = 'primary' | 'noMemory' | 'isolated' | 'replica' | 'gone'

/** What a connection hears from its server. */
export interface Guest {
  readonly listener: StoreListener & BusListener
  readonly withBus: boolean
  readonly process: string
  /** The server ends the connection. */
  hangUp(reason: string): void
}

export class FaultyServer {
  readonly name: string
  readonly clock: VirtualClock
  state: ServerState = 'primary'
  #embedded: EmbeddedServer
  readonly #guests = new Map<Guest, Remote>()

  constructor(name: string, embedded: EmbeddedServer, clock: VirtualClock) {
    this.name = name
    this.clock = clock
    this.#embedded = embedded
  }

  get embedded(): EmbeddedServer {
    return this.#embedded
  }

  /** The tier as this connection reaches it; undefined when there is nobody. */
  remoteOf(guest: Guest): Remote | undefined {
    return this.#guests.get(guest)
  }

  /** Why a command is refused, if it is. */
  refusal(effect: Effect): string | undefined {
    if (effect === 'reads' || this.state === 'primary') return undefined
    if (this.state === 'noMemory') return effect === 'frees' ? undefined : 'OOM'
    return this.state === 'replica' ? READ_ONLY : 'NOREPLICAS'
  }

  /** False: there is no server that would take the connection. */
  welcome(guest: Guest): boolean {
    if (this.state === 'gone') return false
    const { clock } = this
    const remote = openEmbedded(this.#embedded, { clock, withBus: guest.withBus })
    this.#guests.set(guest, remote)
    void remote.open(guest.process, guest.listener)
    return true
  }

  forget(guest: Guest): void {
    const remote = this.#guests.get(guest)
    this.#guests.delete(guest)
    void remote?.close()
  }

  /** All connections end, of these processes only if they are given. */
  hangUp(reason: string, isMeant: (guest: Guest) => boolean = () => true): void {
    for (const guest of [...this.#guests.keys()]) {
      if (!isMeant(guest)) continue
      this.forget(guest)
      guest.hangUp(reason)
    }
  }

  /** The server loses connections without a word: their processes go on believing in them. */
  drop(isMeant: (guest: Guest) => boolean): void {
    for (const guest of [...this.#guests.keys()]) if (isMeant(guest)) this.forget(guest)
  }

  /** The machine is gone: nobody is told. */
  vanish(): void {
    this.state = 'gone'
    for (const guest of [...this.#guests.keys()]) this.forget(guest)
  }

  /** Another server answers from now on; the connections stay open and notice nothing. */
  become(embedded: EmbeddedServer): void {
    this.#embedded = embedded
    const guests = [...this.#guests.keys()]
    for (const guest of guests) this.forget(guest)
    for (const guest of guests) this.welcome(guest)
  }
}
