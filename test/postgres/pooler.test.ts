/** A pooler between relay and database is refused, and nothing else is. */
import pg from 'pg'
import { afterEach, expect, it } from 'vitest'
import {
  describeWithPgbouncer,
  type PoolMode,
  startPgbouncer,
  type TestPooler,
} from '../servers/pgbouncer.ts'
import { useBench } from './bench.ts'
import { Recorder } from './recorder.ts'

describeWithPgbouncer('a relay that is given the address of a pooler', () => {
  const bench = useBench()
  const clients: pg.Client[] = []
  let pooler: TestPooler | undefined

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.end()))
    await pooler?.stop()
    pooler = undefined
  })

  async function throughPooler(mode: PoolMode): Promise<string> {
    pooler = await startPgbouncer(bench.url, mode)
    return pooler.url
  }

  /** Holds server connections in a transaction each, so that the pool has several. */
  async function busy(url: string, count: number): Promise<void> {
    for (let at = 0; at < count; at += 1) {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      clients.push(client)
      await client.query('begin')
    }
    for (const client of clients) await client.query('commit')
  }

  it.each(['transaction', 'statement'] as const)('refuses one that pools by %s', async (mode) => {
    const connection = await throughPooler(mode)
    const start = bench.start(new Recorder(), { connection })
    await expect(start).rejects.toMatchObject({ code: 'SP_POOLED_CONNECTION' })
  })

  it.each([1, 2, 3, 5])('refuses one whose pool has %i connections', async (count) => {
    const connection = await throughPooler('transaction')
    await busy(connection, count)
    const start = bench.start(new Recorder(), { connection })
    await expect(start).rejects.toMatchObject({ code: 'SP_POOLED_CONNECTION' })
  })

  it('refuses it for replication as well', async () => {
    const connection = await throughPooler('transaction')
    const start = bench.start(new Recorder(), { connection, via: 'replication' })
    await expect(start).rejects.toMatchObject({ code: 'SP_POOLED_CONNECTION' })
  })

  it('works where a session lasts as long as its connection', async () => {
    const connection = await throughPooler('session')
    const relay = await bench.lead(new Recorder(), { connection })
    expect(relay.status().state).toBe('leader')
    await relay.close()
  })
})
