import { describe, expect, it } from 'vitest'
import type { Remote } from '../core/contracts/remote.ts'
import { StoreFault } from '../core/contracts/store.ts'
import { tagsMax } from '../core/group-bounds.ts'
import { systemChance, systemClock } from '../system.ts'
import { waitingMax } from './embedded-bus.ts'
import { EmbeddedServer, type EmbeddedServerOptions, openEmbedded } from './index.ts'

type Listener = Parameters<Remote['open']>[1]

/** Ticks end when told. */
class Ticks {
  #tasks: (() => void)[] = []
  readonly clock = { ...systemClock, endOfTick: (task: () => void) => void this.#tasks.push(task) }

  end(): void {
    const tasks = this.#tasks
    this.#tasks = []
    for (const task of tasks) task()
  }
}

function newServer(options: Partial<EmbeddedServerOptions> = {}): EmbeddedServer {
  return new EmbeddedServer({ clock: systemClock, chance: systemChance, ...options })
}

/** A process on the server, everything it is told written down. */
async function opened(server: EmbeddedServer, process = 'p1') {
  const ticks = new Ticks()
  const remote = openEmbedded(server, { clock: ticks.clock, withBus: true })
  const lines: string[] = []
  const listener: Listener = {
    up: (partition, { generation }) => lines.push(`up ${partition} ${generation}`),
    down: (partition, reason) => lines.push(`down ${partition} ${reason}`),
    subscribed: (partition, { generation }) => lines.push(`subscribed ${partition} ${generation}`),
    unsubscribed: (partition) => lines.push(`unsubscribed ${partition}`),
    message: (partition, text) => lines.push(`message ${partition} ${text.split('|').at(-1)}`),
    direct: (partition, text) => lines.push(`direct ${partition} ${text.split('|')[5]}`),
  }
  await remote.open(process, listener)
  return { remote, store: remote.store, lines, ticks }
}

const note = { origin: 'api', reason: 'test', barrier: undefined }
const plain = { order: '', keepsOrder: false, floorMs: 0, tokens: [], settle: undefined }
const ask = (key: string) => ({ key, ...plain })
const beatOf = (process: string) => {
  const settings = { settings: '1|1|1500', registryMs: 60_000, trustMs: 1500 }
  return { process, nonce: 'n1', isFirst: false, ...settings }
}

describe('the bus', () => {
  it('hands over messages and echoes in their order when the tick ends', async () => {
    const { store, lines, ticks } = await opened(newServer())
    await store.invalidate(0, { ...note, asks: [ask('a')] })
    await store.beat(0, beatOf('p1'))
    await store.beat(0, beatOf('another'))
    await store.invalidate(0, { ...note, asks: [ask('b')] })
    expect(lines).toEqual(['up 0 1', 'subscribed 0 1'])
    ticks.end()
    expect(lines.slice(2)).toEqual(['message 0 a', 'direct 0 n1', 'message 0 b'])
  })

  it('tells each partition', async () => {
    const server = newServer({ partitions: 2 })
    const { store, lines, ticks } = await opened(server)
    await store.invalidate(1, { ...note, asks: [ask('a')] })
    ticks.end()
    expect(lines).toEqual(['up 0 1', 'up 1 1', 'subscribed 0 1', 'subscribed 1 1', 'message 1 a'])
  })

  it('loses what was waiting when it is subscribed anew', async () => {
    const { remote, store, lines, ticks } = await opened(newServer())
    await store.invalidate(0, { ...note, asks: [ask('lost')] })
    remote.bus?.resubscribe(0, 'test')
    await store.invalidate(0, { ...note, asks: [ask('missed')] })
    ticks.end()
    await store.invalidate(0, { ...note, asks: [ask('heard')] })
    ticks.end()
    const expected = ['unsubscribed 0', 'subscribed 0 2', 'message 0 heard']
    expect(lines.slice(2)).toEqual(expected)
  })

  it('cuts off a process that lets too many messages wait', async () => {
    const server = newServer()
    const { lines } = await opened(server)
    const { publish } = server.step(0)
    for (let count = 0; count <= waitingMax; count++) publish('text')
    expect(lines.at(-1)).toBe('unsubscribed 0')
  })

  it('is subscribed anew when a message could not be applied', async () => {
    const server = newServer()
    const ticks = new Ticks()
    const remote = openEmbedded(server, { clock: ticks.clock, withBus: true })
    const lines: string[] = []
    const fails = () => {
      throw new Error('listener')
    }
    await remote.open('p1', {
      up: () => {},
      down: () => {},
      subscribed: () => lines.push('subscribed'),
      unsubscribed: (_, reason) => lines.push(reason),
      message: fails,
      direct: fails,
    })
    await remote.store.invalidate(0, { ...note, asks: [ask('a')] })
    ticks.end()
    ticks.end()
    const reason = 'a message could not be applied: Error: listener'
    expect(lines).toEqual(['subscribed', reason, 'subscribed'])
  })
})

describe('the connection', () => {
  it('ends and begins anew, with another incarnation, when the server restarts', async () => {
    const server = newServer()
    const { store, lines, ticks } = await opened(server)
    const before = store.connectedOf(0)
    server.restart('kept')
    expect(store.connectedOf(0)).toBeUndefined()
    const refused = store.raise(0, { ...note, newEpoch: 'e', tags: [] })
    await expect(refused).rejects.toBeInstanceOf(StoreFault)
    ticks.end()
    expect(store.connectedOf(0)?.stamp).not.toBe(before?.stamp)
    const down = 'down 0 the server has restarted'
    expect(lines.slice(2)).toEqual([down, 'unsubscribed 0', 'up 0 2', 'subscribed 0 2'])
  })

  it('is made anew on request, to the same incarnation', async () => {
    const { store, ticks } = await opened(newServer())
    const before = store.connectedOf(0)
    store.reconnect(0, 'test')
    ticks.end()
    expect(store.connectedOf(0)).toEqual({ ...before, generation: 2 })
  })

  it('tells nothing after it was closed', async () => {
    const server = newServer()
    const { remote, store, lines, ticks } = await opened(server)
    await store.invalidate(0, { ...note, asks: [ask('a')] })
    await remote.close()
    server.restart('lost')
    ticks.end()
    expect(lines).toEqual(['up 0 1', 'subscribed 0 1'])
    await expect(store.release(0, [])).rejects.toMatchObject({ kind: 'down' })
  })
})

describe('the server', () => {
  it('is one for all processes', async () => {
    const server = newServer()
    const [one, other] = [await opened(server, 'p1'), await opened(server, 'p2')]
    const { receivers } = await one.store.invalidate(0, { ...note, asks: [ask('a')] })
    other.ticks.end()
    expect(receivers).toBe(2)
    expect(other.lines.at(-1)).toBe('message 0 a')
  })

  it('keeps its data over a restart, or loses it', () => {
    const server = newServer()
    server.putText('k', 'text', 10_000)
    server.restart('kept')
    expect(server.text('k')).toBe('text')
    server.restart('lost')
    expect(server.text('k')).toBeUndefined()
  })

  it('loses one slot or all', () => {
    const server = newServer()
    for (const key of ['a', 'b']) server.putText(key, 'text', 10_000)
    expect([server.evict('a'), server.evict('a')]).toEqual([true, false])
    expect(server.text('b')).toBe('text')
    server.flush()
    expect(server.text('b')).toBeUndefined()
  })

  it('remembers a bounded number of tags; a floor takes the place of the forgotten', async () => {
    const server = newServer()
    const { store } = await opened(server)
    const tags = Array.from({ length: tagsMax }, (_, id) => `user:${id}`)
    const first = await store.raise(0, { ...note, newEpoch: 'epoch', tags })
    const next = await store.raise(0, { ...note, newEpoch: 'epoch', tags: ['one'] })
    expect(server.recordOf().size).toBeLessThan(10)
    const read = await store.read(0, { keys: [], heads: [], tags: ['user:7', 'one'] })
    expect(read).toMatchObject({ floor: first.clock, tagClocks: [0, next.clock] })
  })
})
