/** The embedded server as the second tier of one process. */
import type { BusListener } from '../core/contracts/bus.ts'
import type { Chance, Clock } from '../core/contracts/clock.ts'
import type { Remote } from '../core/contracts/remote.ts'
import type { Store, StoreListener } from '../core/contracts/store.ts'
import { EmbeddedBus } from './embedded-bus.ts'
import { EmbeddedLink } from './embedded-link.ts'
import type { EmbeddedServer } from './embedded-server.ts'
import { EmbeddedStore } from './embedded-store.ts'

/** `clock` is that of the process, which may differ from the server's; chance is not needed. */
export function openEmbedded(server: EmbeddedServer, clock: Clock, _chance?: Chance): Remote {
  return new EmbeddedRemote(server, clock)
}

class EmbeddedRemote implements Remote {
  readonly kind = 'embedded'
  readonly store: Store
  readonly bus: EmbeddedBus
  readonly #link: EmbeddedLink

  constructor(server: EmbeddedServer, clock: Clock) {
    this.#link = new EmbeddedLink(server, clock)
    this.store = new EmbeddedStore(server, this.#link)
    this.bus = new EmbeddedBus(server, clock)
  }

  async open(process: string, listener: StoreListener & BusListener): Promise<void> {
    this.#link.open(listener)
    this.bus.open(process, listener)
  }

  async close(): Promise<void> {
    this.bus.close()
    this.#link.close()
  }
}
