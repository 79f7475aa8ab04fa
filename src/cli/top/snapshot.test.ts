import { describe, expect, it } from 'vitest'
import { StaleproofError } from '../../core/errors.ts'
import type { Inspection } from '../../inspect/index.ts'
import { headerLines } from './header.ts'
import { Sight } from './sight.ts'
import { type Snapshot, snapshotOf } from './snapshot.ts'
import { firstState, type ViewName } from './view-state.ts'

interface Behaviour {
  readonly commands?: number
  /** Of whatever it is asked first. */
  readonly silentAt?: string
  readonly refuses?: boolean
  /** As the others say. */
  readonly isFailing?: boolean
}

/** Nodes of a Cluster by their ports; the first one is asked for the others. */
function cluster(nodes: Readonly<Record<string, Behaviour>>): Inspection {
  const ports = Object.keys(nodes)
  const map = ports.map((port, at) => {
    const flags = `${at === 0 ? 'myself,' : ''}master${nodes[port]?.isFailing ? ',fail' : ''}`
    return `${port} host:${port}@1${port} ${flags} - 0 0 1 connected ${at}-${at}`
  })
  const nodeAt = (port: string): Inspection => {
    const answer = (line: readonly unknown[]) => replyOf(nodes[port] ?? {}, line, map.join('\n'))
    const node = {
      address: `host:${port}`,
      call: async (...line: readonly unknown[]) => answer(line),
      pipeline: async (lines: readonly (readonly unknown[])[]) =>
        lines.map((line) => ({ reply: answer(line) })),
      to: (address: { readonly port: number }) => nodeAt(String(address.port)),
      keepOnly: () => {},
    }
    // What is read of a node; the rest of a connection has tests of its own.
    return node as unknown as Inspection
  }
  return nodeAt(ports[0] ?? '')
}

function replyOf(
  { commands, silentAt, refuses }: Behaviour,
  line: readonly unknown[],
  map: string,
) {
  const words = line.join(' ')
  if (words === 'info cluster') return 'cluster_enabled:1'
  if (words === 'cluster nodes') return map
  if (words === silentAt) throw new StaleproofError('SP_REDIS_DOWN', 'not answered within 5000 ms')
  if (refuses) throw new StaleproofError('SP_REDIS_REFUSED', 'the user lacks the right +info')
  if (words === 'info everything') return `total_commands_processed:${commands ?? 0}`
  return words === 'client list' ? 'id=1 name=api cmd=get' : []
}

const call = { terminal: { note: () => {} } } as unknown as Parameters<typeof snapshotOf>[1]

function snapshot(
  nodes: Readonly<Record<string, Behaviour>>,
  view: ViewName = 'families',
): Promise<Snapshot> {
  return snapshotOf({ inspection: cluster(nodes), namespace: 'shop' }, call, view)
}

describe('a moment of a Cluster', () => {
  it.each([
    ['hangs', { silentAt: 'info everything' }],
    ['is said to have failed, which nobody waits for', { isFailing: true, refuses: true }],
  ])('is that of the others where a node %s, which is named', async (_how, behaviour) => {
    const { infos, silent } = await snapshot({ 1: { commands: 5 }, 2: behaviour })
    expect(infos.map((info) => info.number('total_commands_processed'))).toEqual([5])
    expect(silent).toEqual(['host:2'])
  })

  it('has the clients of those that answer to the end', async () => {
    const { infos, clients, silent } = await snapshot(
      { 1: {}, 2: { silentAt: 'client list' } },
      'clients',
    )
    expect([infos.length, clients?.length, silent]).toEqual([1, 1, ['host:2']])
  })

  it('is none where no node answers, or one refuses', async () => {
    const all = snapshot({ 1: { isFailing: true }, 2: { silentAt: 'info everything' } })
    await expect(all).rejects.toThrow(/SP_REDIS_DOWN.*host:1, host:2/)
    const refused = snapshot({ 1: {}, 2: { refuses: true } })
    await expect(refused).rejects.toMatchObject({ code: 'SP_REDIS_REFUSED' })
  })

  it('names the silent node on the screen', async () => {
    const sight = new Sight()
    sight.take(await snapshot({ 1: {}, 2: { isFailing: true } }))
    const heading = { namespace: 'shop', problem: undefined }
    const [server] = headerLines({ sight, heading, state: firstState('families', 2_000) }, 120)
    expect(server?.[0]?.text).toContain('no answer from host:2')
  })
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
