/** What the second tier reports, handed to those whose business it is. */
import type { BusListener } from '../core/contracts/bus.ts'
import type { StoreListener } from '../core/contracts/store.ts'
import type { Engine } from './engine.ts'
import { partitionAt } from './engine.ts'
import type { Heart } from './heart.ts'
import type { Receiver } from './receiver.ts'

export interface ListenerParts {
  readonly engine: Engine
  readonly heart: Heart
  readonly receiver: Receiver
}

export function listenerOf(parts: ListenerParts): StoreListener & BusListener {
  const { engine, heart, receiver } = parts
  const { watchers, clock } = engine
  const beatAll = () => {
    for (const { index } of engine.partitions) engine.tasks.run(heart.proveAnew(index))
  }
  return {
    up(connected) {
      for (const { index, trust } of engine.partitions) {
        const before = trust.stamp
        trust.connected(connected)
        if (before !== undefined && before !== connected.stamp) {
          watchers.tell({ kind: 'incarnation', partition: index, before, now: connected.stamp })
        }
      }
      watchers.tell({ kind: 'link', link: 'commands', partition: undefined, up: true, reason: '' })
      beatAll()
    },
    down(reason) {
      for (const { trust } of engine.partitions) trust.disconnected()
      watchers.tell({ kind: 'link', link: 'commands', partition: undefined, up: false, reason })
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
    direct: (partition, text) => heart.echoed(partition, text),
  }
}
