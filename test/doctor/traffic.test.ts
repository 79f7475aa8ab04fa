/** What the doctor sends, as the server sees it, and that it leaves no trace on the keys. */
import type { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { describeWithRedis } from '../servers/redis.ts'
import { admit, examine, type Patient } from './patient.ts'
import { startRecorder } from './recorder.ts'

/** Nothing of it writes, blocks, or answers with more than it is asked for. */
const harmless: readonly string[] = [
  ...['ping', 'info', 'dbsize', 'scan', 'randomkey', 'type', 'pttl', 'memory|usage', 'object|freq'],
  ...[
    'hlen',
    'llen',
    'scard',
    'zcard',
    'xlen',
    'getrange',
    'config|get',
    'slowlog|len',
    'slowlog|get',
  ],
  ...['latency|latest', 'latency|histogram', 'latency|doctor', 'commandlog|get', 'acl|list'],
  ...['acl|dryrun', 'client|list', 'client|setname', 'client|setinfo', 'client|no-touch'],
  ...[
    'cluster|info',
    'cluster|nodes',
    'cluster|slot-stats',
    'readonly',
    'pubsub|channels',
    'pubsub|numsub',
  ],
  // Of what processes publish alone.
  ...['get', 'xrange', 'zrevrangebyscore'],
]
const withSubcommand = new Set(
  harmless.flatMap((name) => (name.includes('|') ? name.split('|').slice(0, 1) : [])),
)
const keysTotal = 60

describeWithRedis('doctor', () => {
  test('sends nothing that is not on the list, and tells all that it sends', async () => {
    await withKeys([], async ({ redis }) => {
      const recorder = await startRecorder(redis.port)
      const { commands } = await examine(recorder.url, { values: true, skip: [] })
      const sent = new Map<string, number>()
      for (const words of recorder.sent()) {
        const name = nameOf(words)
        sent.set(name, (sent.get(name) ?? 0) + 1)
      }
      await recorder.close()

      for (const name of sent.keys()) expect(harmless).toContain(name)
      // The client gives its name by itself, before anything is asked.
      sent.delete('client|setname')
      expect(commands).toEqual(Object.fromEntries(sent))
    })
  })

  test('moves no counter of hits while it measures', async () => {
    await withKeys([], async ({ redis, client }) => {
      const before = await lookups(client)

      await examine(redis.url, { only: ['MEM02', 'LAT', 'CON', 'PER01', 'CMD01'], skip: [] })

      expect(await lookups(client)).toEqual(before)
    })
  })

  test('leaves the clock of every sampled key to run on', async () => {
    await withKeys([], async ({ redis, client }) => {
      const idle = () => eachKey((key) => client.object('IDLETIME', key))
      await eventually('all keys are idle', async () => (await idle()).every((s) => s >= 2))
      const before = await idle()

      const { keysSampled } = await examine(redis.url)

      expect(keysSampled).toBe(keysTotal)
      const after = await idle()
      expect(after.every((seconds, at) => seconds >= (before[at] ?? 0))).toBe(true)
    })
  })

  test('leaves the frequency of every sampled key as it was', async () => {
    const args = ['--maxmemory-policy', 'allkeys-lfu', '--lfu-log-factor', '0']
    await withKeys([...args, '--lfu-decay-time', '0'], async ({ redis, client }) => {
      const frequencies = () => eachKey((key) => client.object('FREQ', key))
      const before = await frequencies()

      const { keysSampled } = await examine(redis.url, { values: true })

      expect(keysSampled).toBe(keysTotal)
      expect(await frequencies()).toEqual(before)
    })
  })
})

async function withKeys(
  args: readonly string[],
  work: (patient: Patient) => Promise<void>,
): Promise<void> {
  const patient = await admit(['--maxmemory', '200mb', ...args])
  try {
    for (let at = 0; at < keysTotal; at += 1) {
      await patient.client.set(`price:${at}`, 'x'.repeat(300), 'EX', 600 + at * 11)
    }
    await work(patient)
  } finally {
    await patient.stop()
  }
}

function eachKey(ask: (key: string) => Promise<unknown>): Promise<readonly number[]> {
  return Promise.all(
    Array.from({ length: keysTotal }, async (_, at) => Number(await ask(`price:${at}`))),
  )
}

async function lookups(client: Redis): Promise<readonly string[]> {
  const info = await client.info('stats')
  return info.match(/keyspace_(hits|misses):\d+/g) ?? []
}

function nameOf([command = '', subcommand = '']: readonly string[]): string {
  const name = command.toLowerCase()
  return withSubcommand.has(name) ? `${name}|${subcommand.toLowerCase()}` : name
}
