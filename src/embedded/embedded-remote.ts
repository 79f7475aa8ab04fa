/** The embedded server as the second tier of one process. */
import type { BusListener } from '../core/contracts/bus.ts'
import type { Clock } from '../core/contracts/clock.ts'
import type { Remote } from '../core/contracts/remote.ts'
import type { Store, StoreListener } from '../core/contracts/store.ts'
import { EmbeddedBus } from './embedded-bus.ts'
import { EmbeddedLink } from './embedded-link.ts'
import type { EmbeddedServer } from './embedded-server.ts'
import { EmbeddedStore } from './embedded-store.ts'

export interface EmbeddedOptions {
  /** Of the process; it may differ from the server's. */
  readonly clock: Clock
  /** False: no messages wanted (a cache without memory). */
  readonly withBus: boolean
}

export function openEmbedded(server: EmbeddedServer, options: EmbeddedOptions): Remote {
  return new EmbeddedRemote(server, options)
}

class EmbeddedRemote implements Remote {
  readonly kind = 'embedded'
  readonly store: Store
  readonly bus: EmbeddedBus | undefined
  readonly #link: EmbeddedLink

  constructor(server: EmbeddedServer, { clock, withBus }: EmbeddedOptions) {
    this.#link = new EmbeddedLink(server, clock)
    this.store = new EmbeddedStore(server, this.#link)
    this.bus = withBus ? new EmbeddedBus(server, clock) : undefined
  }

  async open(process: string, listener: StoreListener & BusListener): Promise<void> {
    this.#link.open(listener)
    this.bus?.open(process, listener)
  }

  async close(): Promise<void> {
    this.bus?.close()
    this.#link.close()
  }
}
