/**
 * A TCP proxy in front of a Redis that behaves like a bad network: it holds, delays, cuts and
 * half-closes connections, separately for commands and for subscribers, switched at run time.
 *
 * A new connection counts as one for commands until it subscribes, so holding commands also
 * holds the greeting of new subscribers.
 */
import { connect, createServer, type Server, type Socket } from 'node:net'
import {
  type ConnectionKind,
  type FlowMode,
  ProxyConnection,
  type Side,
} from './proxy-connection.ts'

/**
 * `pass` · `blackhole`: nothing passes in either direction, nothing is lost, connections stay
 * open · `delayMs`: each direction later by so much · `refuse`: as `pass` for those that are
 * open, new ones are reset · or a flow for each direction.
 */
export type ProxyMode = 'pass' | 'blackhole' | 'refuse' | { readonly delayMs: number } | FlowMode

export interface RedisProxy {
  readonly url: string
  readonly port: number
  /** Sets the mode of one kind of connection, or of both. */
  mode(kind: ConnectionKind | 'all', mode: ProxyMode): void
  /** How many connections of a kind are open. */
  count(kind: ConnectionKind | 'all'): number
  /** Resets the open connections of a kind; returns how many. */
  cut(kind: ConnectionKind | 'all'): number
  /** The addresses from which the server sees the open connections, as `CLIENT LIST` has them. */
  addresses(): readonly string[]
  /** Ends (FIN) the open connections of a kind towards one side; the other is not told. */
  halfClose(kind: ConnectionKind | 'all', side: Side): number
  stop(): Promise<void>
}

/** What stands behind a proxy: a port of this machine, or a server elsewhere. */
export type ProxyTarget = number | { readonly host: string; readonly port: number }

/** Opens a proxy on a free port of this machine in front of a server. */
export async function startProxy(target: ProxyTarget): Promise<RedisProxy> {
  const server = typeof target === 'number' ? { host: '127.0.0.1', port: target } : target
  const proxy = new Proxying(server)
  await proxy.open()
  return proxy
}

class Proxying implements RedisProxy {
  readonly #target: { readonly host: string; readonly port: number }
  readonly #door: Server
  readonly #connections = new Set<ProxyConnection>()
  readonly #modes: Record<ConnectionKind, ProxyMode> = { command: 'pass', subscriber: 'pass' }

  constructor(target: { readonly host: string; readonly port: number }) {
    this.#target = target
    this.#door = createServer({ allowHalfOpen: true }, (client) => this.#accept(client))
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#door.once('error', reject)
      this.#door.listen(0, '127.0.0.1', resolve)
    })
  }

  get port(): number {
    const address = this.#door.address()
    if (address !== null && typeof address === 'object') return address.port
    throw new Error('the proxy is not open')
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  mode(kind: ConnectionKind | 'all', mode: ProxyMode): void {
    for (const each of ['command', 'subscriber'] as const) {
      if (kind === 'all' || kind === each) this.#modes[each] = mode
    }
    for (const connection of this.#of(kind)) connection.obey()
  }

  count(kind: ConnectionKind | 'all'): number {
    return this.#of(kind).length
  }

  cut(kind: ConnectionKind | 'all'): number {
    const connections = this.#of(kind)
    for (const connection of connections) connection.cut()
    return connections.length
  }

  halfClose(kind: ConnectionKind | 'all', side: Side): number {
    const connections = this.#of(kind)
    for (const connection of connections) connection.halfClose(side)
    return connections.length
  }

  addresses(): readonly string[] {
    return this.#of('all').flatMap((connection) => connection.address ?? [])
  }

  async stop(): Promise<void> {
    this.cut('all')
    await new Promise((resolve) => this.#door.close(resolve))
  }

  #accept(client: Socket): void {
    if (this.#modes.command === 'refuse') {
      client.on('error', () => {})
      client.resetAndDestroy()
      return
    }
    const server = connect({ ...this.#target, allowHalfOpen: true })
    client.setNoDelay(true)
    server.setNoDelay(true)
    const connection = new ProxyConnection(client, server, (kind) => flowsOf(this.#modes[kind]))
    this.#connections.add(connection)
    let openSides = 2
    for (const socket of [client, server]) {
      socket.once('close', () => {
        openSides -= 1
        if (openSides === 0) this.#connections.delete(connection)
      })
    }
  }

  #of(kind: ConnectionKind | 'all'): ProxyConnection[] {
    return [...this.#connections].filter((each) => kind === 'all' || each.kind === kind)
  }
}

function flowsOf(mode: ProxyMode): FlowMode {
  if (mode === 'pass' || mode === 'refuse') return { toServer: 'pass', toClient: 'pass' }
  if (mode === 'blackhole') return { toServer: 'hold', toClient: 'hold' }
  return 'delayMs' in mode ? { toServer: mode, toClient: mode } : mode
}
