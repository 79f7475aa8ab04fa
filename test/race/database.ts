/**
 * The database of the race tests: registers in the memory of the test, asked over HTTP by
 * every process, so that a test decides when a read happens and when its answer leaves. A
 * held read has taken its values already: it is the slow reader of every race.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'

/** A read that has taken its values and may not answer yet. */
export interface HeldRead {
  /** Resolves when the read has taken its values. */
  readonly taken: Promise<void>
  release(): void
}

const waitMsMax = 20_000

export class Database {
  /** How long each answer is late, after its values were taken. */
  lagMs: () => number = () => 0
  /** Most reads at a time since it was last set to 0. */
  peak = 0
  #reading = 0
  readonly #versions = new Map<string, number>()
  readonly #loads = new Map<string, number>()
  /** Where processes leave receipts for each other; a text for each register. */
  readonly #receipts = new Map<string, string>()
  readonly #holds = new Map<string, Hold>()
  readonly #server: Server

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        response.writeHead(500).end(String(error))
      })
    })
  }

  static async open(): Promise<Database> {
    const database = new Database()
    database.#server.listen(0, '127.0.0.1')
    await once(database.#server, 'listening')
    return database
  }

  get url(): string {
    const address = this.#server.address()
    if (address !== null && typeof address === 'object') return `http://127.0.0.1:${address.port}`
    throw new Error('the database is not open')
  }

  write(family: string, id: number, version: number): void {
    this.#versions.set(`${family}:${id}`, version)
  }

  version(family: string, id: number): number {
    return this.#versions.get(`${family}:${id}`) ?? 0
  }

  /** How often the register was read. */
  loads(family: string, id: number): number {
    return this.#loads.get(`${family}:${id}`) ?? 0
  }

  /** The next read of the register is held; one that nobody releases answers after 20 s. */
  holdNext(family: string, id: number): HeldRead {
    const hold = new Hold()
    this.#holds.set(`${family}:${id}`, hold)
    return hold
  }

  async close(): Promise<void> {
    for (const hold of this.#holds.values()) hold.release()
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url)
    const family = url.searchParams.get('family') ?? ''
    const ids = (url.searchParams.get('ids') ?? '').split(',').map(Number)
    const answer = await this.#answer(url, family, ids)
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
  }

  async #answer(url: URL, family: string, ids: readonly number[]): Promise<readonly unknown[]> {
    const names = ids.map((id) => `${family}:${id}`)
    switch (url.pathname) {
      case '/read': {
        this.#reading++
        this.peak = Math.max(this.peak, this.#reading)
        const versions = await this.#read(family, ids)
        const lagMs = this.lagMs()
        if (lagMs > 0) await wait(lagMs)
        this.#reading--
        return versions
      }
      case '/bump':
        return this.#bump(family, ids)
      case '/publish':
        for (const name of names) this.#receipts.set(name, url.searchParams.get('receipt') ?? '')
        return []
      case '/receipts':
        return names.map((name) => this.#receipts.get(name) ?? '')
      default:
        throw new Error(`expected something that the database does, not ${url.pathname}`)
    }
  }

  #bump(family: string, ids: readonly number[]): readonly number[] {
    for (const id of ids) this.write(family, id, this.version(family, id) + 1)
    return ids.map((id) => this.version(family, id))
  }

  async #read(family: string, ids: readonly number[]): Promise<readonly number[]> {
    const versions = ids.map((id) => this.version(family, id))
    const names = ids.map((id) => `${family}:${id}`)
    for (const name of names) this.#loads.set(name, (this.#loads.get(name) ?? 0) + 1)
    const holds = names.map((name) => {
      const hold = this.#holds.get(name)
      this.#holds.delete(name)
      return hold
    })
    await Promise.all(holds.map((hold) => hold?.pass()))
    return versions
  }
}

class Hold implements HeldRead {
  readonly taken: Promise<void>
  readonly #released: Promise<void>
  #take: () => void = () => {}
  #release: () => void = () => {}

  constructor() {
    this.taken = new Promise((resolve) => {
      this.#take = resolve
    })
    this.#released = new Promise((resolve) => {
      this.#release = resolve
    })
  }

  release(): void {
    this.#release()
  }

  async pass(): Promise<void> {
    this.#take()
    await Promise.race([this.#released, wait(waitMsMax, undefined, { ref: false })])
  }
}
