/**
 * Copies leaders' trades. A message on `copy_trade:{leader}` only wakes it: what is to be done
 * stands in the table, so a lost message costs a second and nothing else.
 */
import { copyTradeChannel } from '../domain/leader.ts'
import { Loop } from '../process/loop.ts'
import { openRedis, type RedisTarget } from '../process/redis-target.ts'
import { type CopyExecutorOptions, executeDueCopies } from './copy-executor.ts'

export interface CopyListener {
  close(): Promise<void>
}

const pollMs = 1_000

export function openCopyListener(
  options: CopyExecutorOptions,
  redisUrl: RedisTarget | undefined,
): CopyListener {
  const loop = new Loop({
    name: 'copy-trades',
    pauseMs: pollMs,
    log: options.log,
    run: (signal) => executeDueCopies(options, signal),
  })
  const subscriber = redisUrl === undefined ? undefined : subscribe(redisUrl, () => loop.wake())
  return {
    close: async () => {
      subscriber?.disconnect()
      await loop.close()
    },
  }
}

function subscribe(redisUrl: RedisTarget, onMessage: () => void): ReturnType<typeof openRedis> {
  const redis = openRedis(redisUrl, { maxRetriesPerRequest: null })
  redis.on('pmessage', onMessage)
  // ioredis reconnects and subscribes again; meanwhile the table is polled.
  redis.on('error', () => undefined)
  redis.psubscribe(copyTradeChannel('*')).catch(() => undefined)
  return redis
}
