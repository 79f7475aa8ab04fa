/** The second tier as one process sees it: a store, its bus, and their common life. */
import type { Bus, BusListener } from './bus.ts'
import type { Store, StoreListener } from './store.ts'

export interface Remote {
  readonly kind: 'redis' | 'embedded'
  readonly store: Store
  /** Undefined: no messages wanted (a cache without memory). */
  readonly bus: Bus | undefined
  /**
   * Connects both; resolves when connected or when `connectTimeoutMs` has passed,
   * never rejects because the server is away. `process` names the private channel.
   */
  open(process: string, listener: StoreListener & BusListener): Promise<void>
  /** Leaves no socket and no timer. */
  close(): Promise<void>
}
