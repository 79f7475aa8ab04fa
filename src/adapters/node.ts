/** The admin API on `node:http`: between its requests and responses and those of `fetch`. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { Ops } from '../ops/index.ts'

/**
 * A listener for a server of its own. Behind TLS that ends elsewhere, or a prefix that a proxy
 * keeps, nothing has to be said: addresses in the page are relative.
 *
 * @example
 * http.createServer(opsListener(ops)).listen(9000, '127.0.0.1')
 */
export function opsListener(
  ops: Ops,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return (request, response) => carry(ops, request, response)
}

/** As Express and those like it know it. */
export type OpsMiddleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
) => void

/** The same for servers that have routes besides: what is not of the admin API goes on. */
export function opsMiddleware(ops: Ops): OpsMiddleware {
  return (request, response, next) => {
    if (ops.owns(pathOf(request))) void carry(ops, request, response)
    else next()
  }
}

/** Answers one request; never rejects. */
async function carry(ops: Ops, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const left = new AbortController()
  outgoing.once('close', () => left.abort())
  try {
    const request = requestOf(incoming, left.signal)
    const peer = { address: incoming.socket.remoteAddress }
    await send(await ops.fetch(request, peer), outgoing)
  } catch {
    // The other end has gone, or sent what is no request; nobody is left who could be told.
    if (!outgoing.headersSent) outgoing.writeHead(400)
    outgoing.end()
  }
}

function requestOf(incoming: IncomingMessage, signal: AbortSignal): Request {
  const { method = 'GET', headers } = incoming
  const isSecure = 'encrypted' in incoming.socket && incoming.socket.encrypted === true
  const origin = `${isSecure ? 'https' : 'http'}://${headers.host ?? 'localhost'}`
  const url = new URL(incoming.url ?? '/', origin)
  const kept = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    for (const one of [value ?? []].flat()) kept.append(name, one)
  }
  const body = method === 'GET' || method === 'HEAD' ? undefined : bodyOf(incoming)
  if (body === undefined) return new Request(url, { method, headers: kept, signal })
  return new Request(url, { method, headers: kept, signal, body, duplex: 'half' })
}

/** Parsers of frameworks may have read it already; what they made of it is JSON again then. */
function bodyOf(incoming: IncomingMessage): string | ReadableStream<Uint8Array> {
  if (!incoming.readableEnded || !('body' in incoming)) return streamOf(incoming)
  return incoming.body === undefined ? '' : JSON.stringify(incoming.body)
}

function streamOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  return Readable.toWeb(incoming)
}

function pathOf({ url = '/' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? '/'
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  const headers: Record<string, string | string[]> = Object.fromEntries(response.headers)
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) headers['set-cookie'] = cookies
  outgoing.writeHead(response.status, headers)
  if (response.body === null) {
    outgoing.end()
    return
  }
  const reader = response.body.getReader()
  const cancel = () => void reader.cancel().catch(() => {})
  outgoing.once('close', cancel)
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    if (!outgoing.write(value)) await drained(outgoing)
    if (outgoing.destroyed) return
  }
  outgoing.end()
}

/** Also when the other end has gone. */
function drained(outgoing: ServerResponse): Promise<void> {
  if (outgoing.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      outgoing.off('drain', done)
      outgoing.off('close', done)
      resolve()
    }
    outgoing.once('drain', done)
    outgoing.once('close', done)
  })
}
