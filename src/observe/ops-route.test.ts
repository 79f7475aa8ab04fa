import { describe, expect, it } from 'vitest'
import { StaleproofError } from '../core/errors.ts'
import type { Answer, NodeAddress } from '../inspect/index.ts'
import { type Entrance, OpsRoute } from './ops-route.ts'

const line = ['get', '{shop:0}:o:doctor'] as const

/** A Cluster whose records change their place; it counts connections as an `Inspection` would. */
class FakeCluster {
  readonly connected = new Map<string, Entrance>()
  /** Who answers for the records; others name it. */
  owner = 'a:1'
  readonly entrance: Entrance = this.#nodeAt('entrance:1')

  #nodeAt(address: string): Entrance {
    return {
      address,
      call: async () => 'cluster_enabled:0',
      close: async () => {},
      keepOnly: (kept) => {
        const names = new Set(kept.map(nameOf))
        for (const name of this.connected.keys()) {
          if (!names.has(name)) this.connected.delete(name)
        }
      },
      pipeline: async (lines) => lines.map(() => this.#answerOf(address)),
      to: (place) => {
        const name = nameOf(place)
        const node = this.connected.get(name) ?? this.#nodeAt(name)
        this.connected.set(name, node)
        return node
      },
    }
  }

  #answerOf(address: string): Answer {
    if (address === this.owner) return { reply: address }
    const cause = new Error(`MOVED 7000 ${this.owner}`)
    return { error: new StaleproofError('SP_REDIS_REFUSED', 'it is elsewhere', { cause }) }
  }
}

function nameOf({ host, port }: NodeAddress): string {
  return `${host}:${port}`
}

describe('the way to the records', () => {
  it('is that which the Cluster names, and is kept', async () => {
    const cluster = new FakeCluster()
    const route = new OpsRoute(cluster.entrance)
    expect(await route.pipeline([line])).toEqual([{ reply: 'a:1' }])
    expect(await route.pipeline([line])).toEqual([{ reply: 'a:1' }])
    expect([...cluster.connected.keys()]).toEqual(['a:1'])
  })

  it('leaves no connection behind wherever the records were before', async () => {
    const cluster = new FakeCluster()
    const route = new OpsRoute(cluster.entrance)
    for (let place = 0; place < 20; place++) {
      cluster.owner = `10.0.0.${place}:6379`
      expect(await route.pipeline([line])).toEqual([{ reply: cluster.owner }])
    }
    expect([...cluster.connected.keys()]).toEqual([cluster.owner])
  })
})
