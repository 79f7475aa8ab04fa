/**
 * An admin API of our own for the tests of the page: typed by the same answers as the real one,
 * with numbers that don't move unless a test moves them, and a stream that a test feeds.
 */
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import type { MeAnswer, StreamEvent } from 'staleproof/ops'
import * as answers from './fake-answers.ts'
import { servicesAt } from './fake-facts.ts'
import * as operations from './fake-operations.ts'
import { FakePlans, Refusal } from './fake-plans.ts'
import { reportAt } from './fake-report.ts'

export const tokens = {
  viewer: 'viewer-token-000000000000000000000000',
  administrator: 'administrator-token-0000000000000000',
} as const

/** What the real server sends, and the trusted types that it need not. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
  "require-trusted-types-for 'script'"
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}
const base = '/dashboard/'
const api = '/api/v1/cache/'

type Handler = (query: URLSearchParams) => unknown

export class FakeServer {
  readonly plans: FakePlans = new FakePlans()
  /** Answers that a test puts in the place of ours. */
  readonly overrides: Map<string, Handler> = new Map()
  readonly nowMs: number
  /** Routes that were asked for. */
  readonly asked: string[] = []
  isReadOnly = false
  isStreaming = true
  #seq = 40
  #ids = 0
  readonly #server: Server
  readonly #folder: string
  readonly #streams = new Set<ServerResponse>()

  private constructor(nowMs: number, folder: string) {
    this.nowMs = nowMs
    this.#folder = folder
    this.#server = createServer((request, response) => void this.#answer(request, response))
  }

  /** Serves the page that was built into the folder. */
  static async start(nowMs: number, folder: string): Promise<FakeServer> {
    const fake = new FakeServer(nowMs, folder)
    await new Promise<void>((resolve) => fake.#server.listen(0, '127.0.0.1', resolve))
    return fake
  }

  get origin(): string {
    return `http://127.0.0.1:${addressOf(this.#server).port}`
  }

  get page(): string {
    return `${this.origin}${base}`
  }

  get viewers(): number {
    return this.#streams.size
  }

  /** Streams that were asked for. */
  get opened(): number {
    return this.asked.filter((route) => route === 'GET stream').length
  }

  /** How many events were meant for a viewer of the first stream, `hello` among them. */
  get emitted(): number {
    return this.#ids
  }

  emitInvalidations(count: number): void {
    for (let n = 0; n < count; n += 1) {
      this.#seq += 1
      const invalidation = answers.invalidationAt(this.#seq, this.nowMs)
      this.emit({ type: 'invalidation', invalidation })
    }
  }

  /** As if the viewer had been too slow for this many. */
  drop(count: number): void {
    this.#seq += count
    this.#ids += count
    this.#send({ type: 'dropped', count })
  }

  emit(event: StreamEvent): void {
    this.#ids += 1
    this.#send(event)
  }

  /** What is no event of ours. */
  babble(): void {
    for (const stream of this.#streams) stream.write('data: {\n\n')
  }

  /** Ends every stream, as a restart or a proxy would. */
  cut(): void {
    for (const stream of this.#streams) stream.destroy()
    this.#streams.clear()
  }

  /** As a new process of the service would answer: it has seen nothing of what was before. */
  restart(seen: number): void {
    this.#seq = seen
    this.cut()
  }

  async close(): Promise<void> {
    this.cut()
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #serveFile(path: string, response: ServerResponse): void {
    const file = path === '' ? 'index.html' : normalize(path)
    try {
      const body = readFileSync(join(this.#folder, file))
      const type = types[extname(file)] ?? 'text/plain'
      response.writeHead(200, { 'content-type': type, 'content-security-policy': policy })
      response.end(body)
    } catch {
      response.writeHead(404).end()
    }
  }

  #send(event: StreamEvent): void {
    const data = JSON.stringify(event)
    for (const stream of this.#streams) {
      stream.write(`id: ${this.#ids}\nevent: ${event.type}\ndata: ${data}\n\n`)
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.origin)
    if (url.pathname.startsWith(base))
      return this.#serveFile(url.pathname.slice(base.length), response)
    if (!url.pathname.startsWith(api)) return void response.writeHead(404).end()
    const route = decodeURIComponent(url.pathname.slice(api.length))
    this.asked.push(`${request.method} ${route}`)
    try {
      await this.#route(route, url.searchParams, { request, response })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const { status, code, message: detail } = error
      const problem = { type: 'about:blank', title: code, status, detail, code }
      response.writeHead(status, { 'content-type': 'application/problem+json' })
      response.end(JSON.stringify(problem))
    }
  }

  async #route(route: string, query: URLSearchParams, { request, response }: Exchange) {
    const body = request.method === 'POST' ? await bodyOf(request) : undefined
    if (route === 'session') {
      const token = request.method === 'DELETE' ? '' : String(body?.token)
      if (token !== '' && roleOf(token) === undefined) throw unauthenticated()
      const cookie = `session=${token}; HttpOnly; SameSite=Strict; Path=/`
      response.setHeader('set-cookie', cookie)
      return json(response, token === '' ? null : this.#me(token))
    }
    const token = /session=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1] ?? ''
    const role = roleOf(token)
    if (role === undefined) throw unauthenticated()
    if (route === 'me') return json(response, this.#me(token))
    if (route === 'stream') return this.#stream(response)
    if (body !== undefined) {
      if (this.isReadOnly) throw new Refusal(405, 'READ_ONLY', 'This service takes no changes')
      return json(response, this.plans.change(route, body, this.nowMs))
    }
    const answer = this.overrides.get(route)?.(query) ?? this.#read(route, query)
    if (answer === undefined) throw new Refusal(404, 'NOT_FOUND', 'There is no such route')
    return json(response, answer)
  }

  #me(token: string): MeAnswer {
    return {
      schemaVersion: 1,
      atMs: this.nowMs,
      user: token === tokens.viewer ? 'grace' : 'ada',
      role: roleOf(token) ?? 'viewer',
      isReadOnly: this.isReadOnly,
      environment: 'production',
      namespace: 'market',
      service: 'api',
    }
  }

  #stream(response: ServerResponse): void {
    if (!this.isStreaming) throw new Refusal(503, 'UNAVAILABLE', 'No streams')
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    this.#streams.add(response)
    response.on('close', () => this.#streams.delete(response))
    this.emit({ type: 'hello', seq: this.#seq, atMs: this.nowMs })
    this.emit({ type: 'overview', overview: answers.overviewAt(this.nowMs, 30) })
  }

  #read(route: string, query: URLSearchParams): unknown {
    const stamp = { schemaVersion: 1, atMs: this.nowMs }
    const [head, item = ''] = route.split(/\/(.*)/s)
    switch (head) {
      case 'overview':
        return answers.overviewAt(this.nowMs, 30)
      case 'families':
        if (item === '') return { ...stamp, ...answers.familiesAnswer }
        return { ...stamp, ...answers.familyAnswer(item) }
      case 'series':
        return answers.seriesAt(this.nowMs, query.get('range') ?? '1h')
      case 'keys':
        return { ...stamp, ...keysFrom(Number(query.get('cursor') ?? 0)) }
      case 'entries':
        return { ...stamp, ...entryOf(item, query.has('value')) }
      case 'invalidations':
        return { ...stamp, invalidations: this.#kept(query.get('after')), seen: this.#seq }
      case 'services':
        return { ...stamp, ...servicesAt(this.nowMs) }
      case 'resilience':
        return { ...stamp, ...operations.resilience }
      case 'warming':
        return { ...stamp, ...operations.warmingAt(this.nowMs) }
      case 'redis':
        return { ...stamp, ...operations.redis }
      case 'doctor':
        return { ...stamp, report: reportAt(this.nowMs - 240_000), isRunning: false }
      case 'audit':
        return { ...stamp, entries: operations.auditAt(this.nowMs) }
      case 'usage':
        return { ...stamp, ...operations.usage }
      default:
        return undefined
    }
  }

  #kept(after: string | null) {
    const first = Math.max(after === null ? 1 : Number(after) + 1, this.#seq - 199)
    const count = Math.max(this.#seq - first + 1, 0)
    return Array.from({ length: count }, (_, index) => {
      const seq = first + index
      return answers.invalidationAt(seq, this.nowMs - (this.#seq - seq) * 1700)
    })
  }
}

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

function roleOf(token: string): MeAnswer['role'] | undefined {
  if (token === tokens.administrator) return 'administrator'
  return token === tokens.viewer ? 'viewer' : undefined
}

function unauthenticated(): Refusal {
  return new Refusal(401, 'UNAUTHENTICATED', 'The token is not known')
}

function keysFrom(cursor: number) {
  const left = answers.keys.slice(cursor)
  const isComplete = left.length <= 100
  const page = { keys: left.slice(0, 100), scanned: 50_000, isComplete, withheld: [] }
  return isComplete ? page : { ...page, cursor: String(cursor + 100) }
}

function entryOf(key: string, isAsked: boolean) {
  const value = isAsked ? { value: { id: 7, bio: '<b>bold</b>' } } : { valueWithheld: 'not asked' }
  const explanation = { slot: 'live', trust: 'held', ttl: { ttlMs: 300_000, why: 'family' } }
  return { key, family: 'userStats', explanation, ...value }
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = ''
  for await (const part of request) text += part
  return JSON.parse(text)
}

function json(response: ServerResponse, answer: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(JSON.stringify(answer))
}

function addressOf(server: Server): AddressInfo {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server listens nowhere')
  return address
}
