/**
 * Servers with faults on purpose: the doctor reports exactly these. Some faults exclude each
 * other (no limit of memory, and a full one), so there are several servers.
 */
import { once as eventOf } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { freePort } from '../../services/launcher/ports.ts'
import { eventually } from '../servers/eventually.ts'
import { describeWithRedis } from '../servers/redis.ts'
import { admit, examine, ofTheMachine, type Patient, toldBy } from './patient.ts'

/** What every server has that nobody has configured. */
const unconfigured = [
  'CMD02 warn default',
  'LAT05 info latency-monitor-threshold',
  'SEC01 warn default',
]

const evicting = ['--maxmemory-policy', 'allkeys-lru']

describeWithRedis('doctor on a planted server', () => {
  test('reports habits of services: commands, keys, and how they are named', async () => {
    await withPatient([...evicting, '--maxmemory', '200mb'], async (patient) => {
      const { client } = patient
      await client.config('SET', 'slowlog-log-slower-than', '-1')
      await plantKeys(client)

      const report = await examine(patient.redis.url, {
        onProgress: once(() => misbehave(patient)),
        // Its slow log is off, so nothing slow can be told.
        skip: ofTheMachine.filter((id) => id !== 'LAT04'),
      })

      expect(toldBy(report)).toEqual(
        [
          ...unconfigured,
          'CMD01 crit keys',
          'CMD04 crit flushdb',
          'CMD06 crit',
          'CMD10 warn WRONGTYPE',
          'CON03 warn',
          'KEY01 crit',
          'KEY03 crit session:{int}',
          'KEY04 warn report',
          'KEY07 warn users:{int} user:{int}',
          'KEY09 crit mail:{email}',
          'KEY10 info',
          'LAT04 warn slowlog-log-slower-than',
          'MEM03 crit',
          'PER03 crit',
        ].sort(),
      )
    })
  })

  test('reports a server that is full and may not evict', async () => {
    const args = ['--maxmemory', '20mb', '--maxmemory-policy', 'noeviction']
    await withPatient(args, async ({ client, redis }) => {
      await fill(client)

      const report = await examine(redis.url)

      expect(toldBy(report)).toEqual(
        [...unconfigured, 'CMD10 warn OOM', 'MEM02 crit', 'MEM03 crit'].sort(),
      )
    })
  })

  test('reports a server that evicts', async () => {
    await withPatient([...evicting, '--maxmemory', '20mb'], async ({ client, redis }) => {
      await fill(client)
      const late = Array.from({ length: 50 }, (_, at) => at)

      const report = await examine(redis.url, {
        onProgress: once(() => {
          for (const at of late)
            void client.set(`late:${at}`, 'x'.repeat(20_000), 'EX', 500 + at * 7)
        }),
      })

      expect(toldBy(report)).toEqual([...unconfigured, 'MEM02 crit', 'MEM04 warn'].sort())
    })
  })

  test('reports connections that run out, have no name, or are cut off', async () => {
    const args = [...evicting, '--maxmemory', '200mb', '--maxclients', '20']
    await withPatient(args, async ({ client, redis, connect }) => {
      const crowd = Array.from({ length: 16 }, () => connect())
      await Promise.all(crowd.map((one) => one.ping()))

      const report = await examine(redis.url)

      expect(toldBy(report)).toEqual([...unconfigured, 'CON01 warn', 'CON02 warn unnamed'].sort())
      await client.ping()
    })
  })

  test('reports a client that does not read what it has asked for', async () => {
    await withPatient([...evicting, '--maxmemory', '400mb'], async ({ client, redis }) => {
      await client.set('page:1', 'x'.repeat(500_000), 'EX', 600)
      const lazy = await deafSocket(redis.port, 'GET page:1\r\n'.repeat(120))
      await eventually('its replies pile up', async () => {
        const list = String(await client.client('LIST'))
        return [...list.matchAll(/omem=(\d+)/g)].some(([, bytes]) => Number(bytes) > 40_000_000)
      })

      const report = await examine(redis.url)
      lazy.destroy()

      expect(toldBy(report)).toEqual([...unconfigured, 'MEM08 crit'].sort())
    })
  })

  test('reports a hot key, memory that was full once, and plain JSON', async () => {
    const args = ['--maxmemory', '200mb', '--maxmemory-policy', 'allkeys-lfu']
    await withPatient([...args, '--lfu-log-factor', '0'], async ({ client, redis }) => {
      await fill(client)
      for (let at = 0; at < 250; at += 1) await client.unlink(`page:${at}`)
      const value = JSON.stringify({ text: 'a word and '.repeat(300) })
      for (let id = 0; id < 40; id += 1) await client.set(`post:${id}`, value, 'EX', 700 + id * 17)
      await client.set('top', 'x'.repeat(300), 'EX', 900)
      for (let at = 0; at < 300; at += 1) await client.get('top')

      const report = await examine(redis.url, { values: true })

      expect(toldBy(report)).toEqual(
        [...unconfigured, 'KEY05 info top', 'MEM06 info', 'MEM10 warn post:{int}'].sort(),
      )
    })
  })

  test('reports large replies', async () => {
    await withPatient([...evicting, '--maxmemory', '200mb'], async (patient) => {
      const { client, redis } = patient
      await client.set('page:1', 'x'.repeat(900_000), 'EX', 600)
      // So that one reply on its way is little for each connection.
      const others = Array.from({ length: 8 }, () => patient.connect('app'))
      await Promise.all(others.map((one) => one.ping()))
      const reading = new AbortController()
      const reader = readUntil(reading.signal, async () => {
        await client.get('page:1')
        await Promise.all(others.map((one) => one.ping()))
      })

      const report = await examine(redis.url)
      reading.abort()
      await reader

      expect(toldBy(report)).toEqual([...unconfigured, 'CMD09 warn mean reply'].sort())
    })
  })

  test('reports a missing limit, scripts made of text, and a failed snapshot', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'staleproof-doctor-'))
    await withPatient(['--dir', folder], async ({ client, redis }) => {
      for (let at = 0; at <= 1_000; at += 1) await client.script('LOAD', `return ${at}`)
      rmSync(folder, { recursive: true })
      await client.bgsave()
      await eventually('the snapshot failed', async () => {
        return (await client.info('persistence')).includes('rdb_last_bgsave_status:err')
      })

      const report = await examine(redis.url)

      expect(toldBy(report)).toEqual(
        [...unconfigured, 'MEM01 crit', 'MEM09 warn', 'PER01 crit'].sort(),
      )
    })
  })

  test('reports a file written, and an event told, with every command', async () => {
    const args = [...evicting, '--maxmemory', '200mb', '--appendonly', 'yes']
    const more = ['--appendfsync', 'always', '--notify-keyspace-events', 'KEA']
    await withPatient([...args, ...more], async ({ redis }) => {
      const report = await examine(redis.url)

      expect(toldBy(report)).toEqual([...unconfigured, 'PER05 warn', 'SEC03 info'].sort())
    })
  })

  test('reports a replica without its primary', async () => {
    const nobody = String(await freePort())
    const args = [...evicting, '--maxmemory', '200mb', '--replicaof', `127.0.0.1 ${nobody}`]
    await withPatient(args, async ({ redis }) => {
      const report = await examine(redis.url)

      expect(toldBy(report)).toEqual([...unconfigured, 'REP01 crit link to the primary'].sort())
    })
  })

  test('reports a cluster without its slots', async () => {
    const args = [...evicting, '--maxmemory', '200mb', '--cluster-enabled', 'yes']
    await withPatient(args, async ({ redis }) => {
      const report = await examine(redis.url)

      expect(toldBy(report)).toEqual([...unconfigured, 'REP02 crit'].sort())
    })
  })
})

/** One after another, as often as the server answers. */
async function readUntil(signal: AbortSignal, read: () => Promise<unknown>): Promise<void> {
  while (!signal.aborted) await read()
}

/** Sends, and never reads. */
async function deafSocket(port: number, text: string): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('error', () => {})
  socket.pause()
  await eventOf(socket, 'connect')
  socket.write(`CLIENT SETNAME deaf\r\n${text}`)
  return socket
}

async function withPatient(
  args: readonly string[],
  work: (patient: Patient) => Promise<void>,
): Promise<void> {
  const patient = await admit(args)
  try {
    await work(patient)
  } finally {
    await patient.stop()
  }
}

async function plantKeys(client: Redis): Promise<void> {
  for (let id = 0; id < 60; id += 1) {
    await client.set(`user:${id}`, 'x'.repeat(300))
    await client.set(`session:${id}`, 'x'.repeat(300), 'EX', id < 50 ? 900 : 1_000 + id * 50)
    await client.set(`mail:a${id}@example.org`, 'x'.repeat(300), 'EX', 700 + id * 31)
  }
  for (let id = 0; id < 80; id += 1) {
    await client.set(`users:${id}`, 'x'.repeat(300), 'EX', 500 + id * 29)
  }
  await client.set('report', 'x'.repeat(1_500_000), 'EX', 900)
  await client.xadd('orders', '*', 'id', '1')
  await client.select(1)
  await client.set('elsewhere', '1', 'EX', 900)
  await client.select(0)
}

/** At the beginning of the window: how often it tells its progress depends on the machine. */
function once(work: () => void): () => void {
  let isDone = false
  return () => {
    if (!isDone) work()
    isDone = true
  }
}

/** What a careless service does, as often as the bounds of every check need. */
function misbehave({ client, connect }: Patient): void {
  const opened = Array.from({ length: 60 }, () => connect('importer'))
  const nothing = Array.from({ length: 400 }, (_, at) => `nothing${at}`)
  const work = [
    client.keys('user:*'),
    client.mget(nothing),
    ...Array.from({ length: 60 }, (_, value) => client.lpush('report', value)),
    ...opened.map((one) => one.select(5).then(() => one.flushdb())),
  ]
  void Promise.allSettled(work).then(() => {
    for (const one of opened) one.disconnect()
  })
}

/** Until there is no room; each key ends in a second of its own. */
async function fill(client: Redis): Promise<void> {
  const value = 'x'.repeat(100_000)
  for (let at = 0; at < 250; at += 1) {
    await client.set(`page:${at}`, value, 'EX', 500 + at * 11).catch(() => {})
  }
}
