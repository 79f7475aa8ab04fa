import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Sightings } from '../coherence/index.ts'
import { type DeliveryWorld, deliveryWorld } from './delivery-world.test-support.ts'
import { type Partition, partitionAt } from './engine.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import { ShadowReader } from './shadow-reader.ts'
import type { SlotInspector } from './slot-inspector.ts'

let world: DeliveryWorld
let partition: Partition
let reader: ShadowReader
/** Slots that were asked for. */
let asked: number

beforeEach(async () => {
  world = await deliveryWorld()
  const { engine, clock } = world
  partition = partitionAt(engine, 0)
  asked = 0
  const inspector: Pick<SlotInspector, 'inspect'> = {
    async inspect() {
      asked++
      return undefined
    },
  }
  const family = { memoryId: (id: unknown) => id, region: { get: () => undefined } }
  reader = new ShadowReader({
    ...{ engine, share: 1, sightings: new Sightings(() => clock.now()) },
    inspector: inspector as SlotInspector,
    families: new Map([['item', family as unknown as FamilyRuntime]]),
  })
  partition.trust.untilMs = Number.POSITIVE_INFINITY
  partition.trust.proofUntilMs = Number.POSITIVE_INFINITY
})

async function read(): Promise<void> {
  const outcome = { from: 'redis', why: 'stored', stale: false, value: 1, ageMs: 0 } as const
  const event = { kind: 'read', family: 'item', id: 1, key: 'item:1', priority: 'read' } as const
  reader.notify({ ...event, weight: 1, outcome, ms: 1 })
  await world.clock.advance(1)
}

describe('a shadow read', () => {
  it('asks for the slot once more', async () => {
    await read()
    expect(asked).toBe(1)
  })

  it.each([
    ['its breaker is open', () => [1, 2, 3].map(() => partition.breaker.failed())],
    ['memory is not trusted', () => partition.trust.lose('beat')],
    ['no answer counts', () => Object.assign(partition.trust, { proofUntilMs: 0 })],
    [
      'it is not connected',
      () => vi.spyOn(world.engine.store, 'connectedOf').mockReturnValue(undefined),
    ],
  ])('is not made while Redis is degraded: %s', async (_why, degrade) => {
    degrade()
    await read()
    expect(asked).toBe(0)
  })
})
