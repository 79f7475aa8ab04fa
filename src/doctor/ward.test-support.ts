/** Servers of a test, and what the doctor says of the first of them. */
import { Redis } from 'ioredis'
import { startOnFreePort, type TestRedis } from '../redis/redis-server.test-support.ts'
import type { DoctorOptions } from './doctor-options.ts'
import type { DoctorReport, Finding } from './finding.ts'
import { runDoctor } from './run-doctor.ts'

export class Ward {
  readonly #servers: TestRedis[] = []
  readonly #clients: Redis[] = []

  /** Of the first server. */
  get port(): number {
    return this.portOf(0)
  }

  portOf(place: number): number {
    const server = this.#servers[place]
    if (server === undefined) throw new RangeError(`there is no server ${place}`)
    return server.port
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  /** A client of a new server. */
  async start(...args: readonly string[]): Promise<Redis> {
    const server = await startOnFreePort(...args)
    this.#servers.push(server)
    return this.connect(server.port)
  }

  connect(port: number = this.port): Redis {
    const client = new Redis(port, '127.0.0.1')
    this.#clients.push(client)
    return client
  }

  examine(given: Partial<DoctorOptions> = {}): Promise<DoctorReport> {
    return runDoctor({ redis: this.url, window: '200ms', ...given })
  }

  async close(): Promise<void> {
    for (const client of this.#clients.splice(0)) client.disconnect()
    for (const server of this.#servers.splice(0)) await server.stop()
  }
}

/** Keys of one family, each with a TTL of its own. */
export async function fill(client: Redis, count: number): Promise<void> {
  const pipeline = client.pipeline()
  for (let id = 0; id < count; id++) pipeline.set(`user:${id}`, 'v', 'EX', 300 + 13 * id)
  await pipeline.exec()
}

export function found({ findings }: DoctorReport, id: string): readonly Finding[] {
  return findings.filter((finding) => finding.id === id)
}

/** Commands that a server was sent, by its own count. */
export async function sentTo(client: Redis): Promise<readonly string[]> {
  const stats = await client.info('commandstats')
  return [...stats.matchAll(/^cmdstat_([^:]+):/gm)].map(([, name = '']) => name.toLowerCase())
}
