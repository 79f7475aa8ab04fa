import { describe, expect, it } from 'vitest'
import { StaleproofError } from '../../core/errors.ts'
import type { Inspection } from '../../inspect/index.ts'
import { Nodes } from '../connection/nodes.ts'
import { familyTable } from './family-view.ts'
import { headerLines } from './header.ts'
import { Sight } from './sight.ts'
import { demandAnswer, type Snapshot, snapshotOf } from './snapshot.ts'
import { firstState, type ViewName } from './view-state.ts'

interface Behaviour {
  readonly commands?: number
  /** Of whatever it is asked first. */
  readonly silentAt?: string
  readonly refuses?: boolean
  /** As the others say. */
  readonly isFailing?: boolean
  /** Partition 0, where processes publish; else the first has it. */
  readonly isHome?: boolean
}

/** Nodes of a Cluster by their ports, as they are at each time; the first one is named. */
function cluster(nodes: Readonly<Record<string, Behaviour>>): Inspection {
  const known = new Map<string, Inspection>()
  const home = Object.keys(nodes).find((port) => nodes[port]?.isHome)
  const ports = Object.keys(nodes)
  const mapBy = (asked: string) =>
    ports.map((port, at) => {
      const self = port === asked ? 'myself,' : ''
      const flags = `${self}master${nodes[port]?.isFailing ? ',fail' : ''}`
      return `${port} host:${port}@1${port} ${flags} - 0 0 1 connected ${at}-${at}`
    })
  const nodeAt = (port: string): Inspection => {
    const answer = (line: readonly unknown[]) => {
      if (line[0] === 'pttl' && home !== undefined && home !== port) throw movedTo(home)
      return replyOf(nodes[port] ?? {}, line, mapBy(port).join('\n'))
    }
    const node = {
      address: `host:${port}`,
      call: async (...line: readonly unknown[]) => answer(line),
      pipeline: async (lines: readonly (readonly unknown[])[]) =>
        lines.map((line) => ({ reply: answer(line) })),
      to: (address: { readonly port: number }) => {
        const other = known.get(String(address.port)) ?? nodeAt(String(address.port))
        known.set(other.address.slice('host:'.length), other)
        return other
      },
      keepOnly: () => {},
    }
    // What is read of a node; the rest of a connection has tests of its own.
    return node as unknown as Inspection
  }
  return nodeAt(ports[0] ?? '')
}

function movedTo(port: string): StaleproofError {
  const cause = new Error(`MOVED 1 host:${port}`)
  return new StaleproofError('SP_REDIS_REFUSED', 'another node', { cause })
}

function replyOf(
  { commands, silentAt, refuses }: Behaviour,
  line: readonly unknown[],
  map: string,
) {
  const words = line.join(' ')
  if (silentAt === 'all' || words === silentAt) throw down()
  if (words === 'info cluster') return 'cluster_enabled:1'
  if (words === 'cluster nodes') return map
  if (refuses) throw new StaleproofError('SP_REDIS_REFUSED', 'the user lacks the right +info')
  if (words === 'info everything') return `total_commands_processed:${commands ?? 0}`
  return words === 'client list' ? 'id=1 name=api cmd=get' : []
}

const late = 'not answered within 5000 ms'

function down(): StaleproofError {
  return new StaleproofError('SP_REDIS_DOWN', 'it can not be used', { received: late })
}

const call = { terminal: { note: () => {} } } as unknown as Parameters<typeof snapshotOf>[1]

function sources(nodes: Readonly<Record<string, Behaviour>>): Parameters<typeof snapshotOf>[0] {
  return { nodes: new Nodes(cluster(nodes)), namespace: 'shop', bus: { silences: [] } }
}

function snapshot(
  nodes: Readonly<Record<string, Behaviour>>,
  view: ViewName = 'families',
): Promise<Snapshot> {
  return snapshotOf(sources(nodes), call, view)
}

describe('a moment of a Cluster', () => {
  it.each([
    ['hangs', { silentAt: 'info everything' }, late],
    [
      'is said to have failed, which nobody waits for',
      { isFailing: true, refuses: true },
      'its cluster has given it up',
    ],
  ])('is that of the others where a node %s', async (_how, behaviour, reason) => {
    const { infos, unasked } = await snapshot({ 1: { commands: 5 }, 2: behaviour })
    expect(infos.map((info) => info.number('total_commands_processed'))).toEqual([5])
    expect(unasked).toEqual([{ what: 'server', node: 'host:2', reason }])
  })

  it('has the clients of those that answer to the end', async () => {
    const { infos, clients, unasked } = await snapshot(
      { 1: {}, 2: { silentAt: 'client list' } },
      'clients',
    )
    expect([infos.length, clients?.length]).toEqual([1, 1])
    expect(unasked.map(({ node }) => node)).toEqual(['host:2'])
  })

  it('has no processes where their node is silent, and says so', async () => {
    const { infos, processes, unasked } = await snapshot({
      1: {},
      2: { isHome: true, silentAt: 'all' },
    })
    expect([infos.length, processes]).toEqual([1, undefined])
    expect(unasked).toEqual([
      { what: 'server', node: 'host:2', reason: late },
      { what: 'processes', node: 'host:2', reason: late },
    ])
  })

  it('is told by others where the node that was named is silent, until it is back', async () => {
    const nodes: Record<string, Behaviour> = { 1: {}, 2: { isHome: true }, 3: {} }
    const asked = sources(nodes)
    await snapshotOf(asked, call, 'families')
    nodes[1] = { silentAt: 'all' }
    const without = await snapshotOf(asked, call, 'families')
    expect([without.infos.length, without.processes]).toEqual([2, []])
    expect(without.unasked).toEqual([{ what: 'server', node: 'host:1', reason: late }])
    nodes[1] = {}
    expect((await snapshotOf(asked, call, 'families')).unasked).toEqual([])
  })

  it('is empty where nobody answers, which is an error only at the start', async () => {
    const nodes: Record<string, Behaviour> = { 1: {}, 2: {} }
    const asked = sources(nodes)
    demandAnswer(await snapshotOf(asked, call, 'families'))
    nodes[1] = { silentAt: 'all' }
    nodes[2] = { silentAt: 'all' }
    const none = await snapshotOf(asked, call, 'families')
    expect([none.infos, none.processes]).toEqual([[], undefined])
    expect(none.unasked.map(({ node }) => node)).toEqual(['host:1', 'host:2', 'host:1'])
    expect(() => demandAnswer(none)).toThrow(/SP_REDIS_DOWN.*host:1: .*host:2: /)
  })

  it('is none where a node refuses', async () => {
    const refused = snapshot({ 1: {}, 2: { refuses: true } })
    await expect(refused).rejects.toMatchObject({ code: 'SP_REDIS_REFUSED' })
  })

  it('names the silent nodes on the screen, with what is not known of them and why', async () => {
    const sight = new Sight()
    sight.take(await snapshot({ 1: {}, 2: { isHome: true, silentAt: 'all' } }))
    const heading = { namespace: 'shop', problem: undefined }
    const state = firstState('families', 2_000)
    const [, , silence] = headerLines({ sight, heading, state }, 120)
    expect(silence?.[0]?.text).toBe(` ✗ no answer from host:2 (server, processes): ${late}`)
    expect(familyTable(sight).empty).toContain('does not answer')
  })
})

it('what processes publish is not known for as long as their node is silent', async () => {
  const sight = new Sight()
  const nodes: Record<string, Behaviour> = { 1: {}, 2: { isHome: true } }
  const asked = sources(nodes)
  sight.take(await snapshotOf(asked, call, 'families'))
  nodes[2] = { isHome: true, silentAt: 'all' }
  sight.take(await snapshotOf(asked, call, 'families'))
  expect(sight.unpublished).toBeDefined()
  nodes[2] = { isHome: true }
  sight.take(await snapshotOf(asked, call, 'families'))
  expect(sight.unpublished).toBeUndefined()
})

it('a rate is not known where another node answers than before', async () => {
  const sight = new Sight()
  const perSecond = () =>
    sight.perSecond(({ infos }) =>
      infos.reduce((sum, info) => sum + (info.number('total_commands_processed') ?? 0), 0),
    )
  sight.take({ ...(await snapshot({ 1: { commands: 10 }, 2: { isFailing: true } })), atMs: 0 })
  sight.take({ ...(await snapshot({ 1: { commands: 20 }, 2: { commands: 900 } })), atMs: 1_000 })
  expect(perSecond()).toBeUndefined()
  sight.take({ ...(await snapshot({ 1: { commands: 30 }, 2: { commands: 905 } })), atMs: 2_000 })
  expect(perSecond()).toBe(15)
})
