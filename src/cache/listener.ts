/** What the second tier reports, handed to those whose business it is. */
import type { BusListener } from '../core/contracts/bus.ts'
import type { StoreListener } from '../core/contracts/store.ts'
import { parseDirect } from '../core/message.ts'
import type { Barriers } from './barrier.ts'
import type { Engine } from './engine.ts'
import { partitionAt } from './engine.ts'
import type { Heart } from './heart.ts'
import type { Receiver } from './receiver.ts'
import type { Replayer } from './replayer.ts'

export interface ListenerParts {
  readonly engine: Engine
  readonly heart: Heart
  readonly receiver: Receiver
  readonly replayer: Replayer
  readonly barriers: Barriers
}

export function listenerOf(parts: ListenerParts): StoreListener & BusListener {
  const { engine, heart, receiver, replayer, barriers } = parts
  const { watchers, clock } = engine
  return {
    up(partition, connected) {
      const { trust, serverTime } = partitionAt(engine, partition)
      const before = trust.stamp
      replayer.connected(partition, connected)
      trust.connected(connected)
      if (before !== undefined && before !== connected.stamp) {
        serverTime.forget()
        watchers.tell({ kind: 'incarnation', partition, before, now: connected.stamp })
      }
      watchers.tell({ kind: 'link', link: 'commands', partition, up: true, reason: '' })
      engine.tasks.run(heart.proveAnew(partition))
    },
    down(partition, reason) {
      partitionAt(engine, partition).trust.disconnected()
      watchers.tell({ kind: 'link', link: 'commands', partition, up: false, reason })
    },
    subscribed(partition, subscribed) {
      partitionAt(engine, partition).trust.subscribed(subscribed, clock.now())
      watchers.tell({ kind: 'link', link: 'bus', partition, up: true, reason: '' })
      engine.tasks.run(heart.proveAnew(partition))
    },
    unsubscribed(partition, reason) {
      partitionAt(engine, partition).trust.unsubscribed(reason)
      watchers.tell({ kind: 'link', link: 'bus', partition, up: false, reason })
    },
    message: (partition, text) => receiver.receive(partition, text),
    direct(partition, text) {
      const direct = parseDirect(text)
      if (direct?.kind === 'echo') heart.echoed(partition, direct)
      if (direct?.kind === 'acknowledged') barriers.acknowledged(direct)
    },
  }
}
