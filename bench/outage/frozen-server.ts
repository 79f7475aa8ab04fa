/** A Redis of one's own that can be stopped in its tracks: its connections stay open. */
import { Redis } from 'ioredis'
import { findRedis } from '../redis-server.ts'

export interface FrozenServer {
  readonly url: string
  freeze(): void
  resume(): void
  stop(): Promise<void>
}

export async function startServer(): Promise<FrozenServer> {
  const server = await findRedis({ PATH: process.env.PATH })
  if (server === undefined) throw new Error('expected a redis-server on the PATH')
  const redis = new Redis(server.url)
  const pid = Number(/process_id:(\d+)/.exec(await redis.info('server'))?.[1])
  redis.disconnect()
  return {
    url: server.url,
    freeze: () => process.kill(pid, 'SIGSTOP'),
    resume: () => process.kill(pid, 'SIGCONT'),
    stop: () => server.stop(),
  }
}
