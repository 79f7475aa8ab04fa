/**
 * A client's connection through the proxy and its counterpart to the server. It begins as one
 * for commands and becomes a subscriber's when the client sends its first SUBSCRIBE, PSUBSCRIBE
 * or SSUBSCRIBE; that very request already obeys the mode of subscribers.
 */
import type { Socket } from 'node:net'
import { type Flow, ProxyFlow } from './proxy-flow.ts'

export type ConnectionKind = 'command' | 'subscriber'
export type Side = 'client' | 'server'

export interface FlowMode {
  readonly toServer: Flow
  readonly toClient: Flow
}

// A request is an array of bulk strings: `*2\r\n$9\r\nSUBSCRIBE\r\n…`.
const subscribeRequest = /\*\d+\r\n\$\d+\r\n[ps]?subscribe\r\n/i
const requestHeadLengthMax = 32

export class ProxyConnection {
  kind: ConnectionKind = 'command'
  readonly #client: Socket
  readonly #server: Socket
  readonly #toServer: ProxyFlow
  readonly #toClient: ProxyFlow
  readonly #modeOf: (kind: ConnectionKind) => FlowMode
  #recent = ''

  constructor(client: Socket, server: Socket, modeOf: (kind: ConnectionKind) => FlowMode) {
    this.#client = client
    this.#server = server
    this.#modeOf = modeOf
    const mode = modeOf(this.kind)
    this.#toServer = new ProxyFlow(client, server, mode.toServer)
    this.#toClient = new ProxyFlow(server, client, mode.toClient)
    client.on('data', (bytes: Buffer) => {
      this.#classify(bytes)
      this.#toServer.take(bytes)
    })
    server.on('data', (bytes: Buffer) => this.#toClient.take(bytes))
    client.on('end', () => this.#toServer.take(undefined))
    server.on('end', () => this.#toClient.take(undefined))
    // A side that breaks is passed on as an end, which a held flow keeps from the other side.
    client.on('error', () => this.#toServer.take(undefined))
    server.on('error', () => this.#toClient.take(undefined))
  }

  /** How the server sees it; undefined while it is being opened. */
  get address(): string | undefined {
    const { localAddress, localPort } = this.#server
    return localPort === undefined ? undefined : `${localAddress}:${localPort}`
  }

  /** Applies the current mode of its kind. */
  obey(): void {
    const mode = this.#modeOf(this.kind)
    this.#toServer.set(mode.toServer)
    this.#toClient.set(mode.toClient)
  }

  /** Resets both sides. */
  cut(): void {
    this.#toServer.close()
    this.#toClient.close()
    for (const socket of [this.#client, this.#server]) {
      if (!socket.destroyed) socket.resetAndDestroy()
    }
  }

  /** Ends the connection towards one side only; the other one is not told. */
  halfClose(side: Side): void {
    const [ended, flow] =
      side === 'client' ? [this.#client, this.#toClient] : [this.#server, this.#toServer]
    flow.close()
    ended.end()
  }

  #classify(bytes: Buffer): void {
    if (this.kind === 'subscriber') return
    const text = this.#recent + bytes.toString('latin1')
    this.#recent = text.slice(-requestHeadLengthMax)
    if (!subscribeRequest.test(text)) return
    this.kind = 'subscriber'
    this.#recent = ''
    this.obey()
  }
}
