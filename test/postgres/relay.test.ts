/** One relay works, its work survives it, and nothing that fails is forgotten. */
import type pg from 'pg'
import { describe, expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { spawnWorker, type TestWorker } from '../servers/processes.ts'
import { heard, useBench } from './bench.ts'
import { Recorder } from './recorder.ts'
import type { RelayCalls } from './relay-worker.ts'

const worker = new URL('./relay-worker.ts', import.meta.url)

describe('relays', () => {
  const bench = useBench()

  const start = (): Promise<TestWorker<RelayCalls>> =>
    spawnWorker<RelayCalls>(worker, { connection: bench.url })
  const waitToLead = (relay: TestWorker<RelayCalls>): Promise<void> =>
    eventually('the worker to lead', async () => (await relay.call('status')) === 'leader')
  /** Ends the sessions of relays, as a lost network does. */
  const cut = (sql: pg.Client): Promise<unknown> =>
    sql.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'staleproof-relay' and datname = current_database()`)

  it('are elected: one works while the other waits, and takes over when it closes', async () => {
    const [first, second] = [new Recorder(), new Recorder()]
    const leader = await bench.lead(first)
    const standby = await bench.start(second, { poll: 20 })
    await bench.sql.query("insert into leaders values (1, 'a')")
    await eventually('the leader to hear', () => first.said.includes('family leaderboard'))
    expect(standby.status().state).toBe('standby')
    expect(second.said).toEqual([])
    await leader.close()
    await eventually('the other to lead', () => standby.status().state === 'leader')
    await bench.sql.query("insert into leaders values (2, 'b')")
    await heard(second, ['family leaderboard'])
  })

  it('are stopped by no observer that throws, and count it', async () => {
    const recorder = new Recorder()
    const onEvent = () => {
      throw new Error('an observer')
    }
    const relay = await bench.lead(recorder, { onEvent })
    await bench.sql.query("insert into leaders values (1, 'a')")
    await eventually('it to be told', () => recorder.said.includes('family leaderboard'))
    await eventually('an empty outbox', async () => (await bench.waiting()) === 0)
    expect(relay.status().observerErrors).toBeGreaterThan(1)
    expect(relay.status().lastError).toBeUndefined()
  })

  it('deliver again what one that was killed had not removed', async () => {
    const first = await start()
    await waitToLead(first)
    await eventually('an empty outbox', async () => (await bench.waiting()) === 0)
    await first.call('stick')
    await bench.sql.query("insert into leaders values (1, 'a')")
    await eventually('the invalidation', async () =>
      (await first.call('said')).includes('family leaderboard'),
    )
    const second = await start()
    await first.kill()
    await eventually('the successor to say it again', async () =>
      (await second.call('said')).includes('family leaderboard'),
    )
    await eventually('an empty outbox', async () => (await bench.waiting()) === 0)
    await second.kill()
  })

  it('keep rows while the invalidation is pending, and deliver them afterwards', async () => {
    const cache = new Recorder()
    const relay = await bench.lead(cache)
    cache.take()
    cache.isAway = true
    await bench.sql.query("insert into leaders values (1, 'a')")
    await eventually('three attempts', () => cache.refused >= 3)
    expect(relay.status()).toMatchObject({
      state: 'leader',
      lastError: { code: 'SP_INVALIDATION_PENDING' },
    })
    expect(await bench.waiting()).toBe(1)
    cache.isAway = false
    await heard(cache, ['family leaderboard'])
    await eventually('no error', () => relay.status().lastError === undefined)
    expect(await bench.waiting()).toBe(0)
  })

  it('are woken by a notification long before their poll', async () => {
    const cache = new Recorder()
    await bench.lead(cache, { poll: '60s' })
    cache.take()
    await bench.sql.query("insert into leaders values (1, 'a')")
    await heard(cache, ['family leaderboard'])
  })

  it('find by their poll what no notification told', async () => {
    const cache = new Recorder()
    await bench.lead(cache, { poll: 50 })
    cache.take()
    await bench.sql.query(
      "insert into staleproof.outbox (relation, operation) values ('public.leaders', 'TRUNCATE')",
    )
    await heard(cache, ['family leaderboard'])
  })

  it('come back after their connection was lost, with what happened meanwhile', async () => {
    const cache = new Recorder()
    const relay = await bench.lead(cache)
    cache.take()
    await cut(bench.sql)
    await bench.sql.query("insert into leaders values (1, 'a')")
    await heard(cache, ['family leaderboard'])
    expect(bench.events).toContainEqual({ kind: 'state', state: 'away' })
    expect(relay.status().state).toBe('leader')
  })

  it('wait for a database that is away when they are started', async () => {
    const relay = await bench.start(new Recorder(), {
      connection: 'postgres://postgres@127.0.0.1:1/none',
    })
    expect(relay.status()).toMatchObject({ state: 'away', lastError: { code: 'ECONNREFUSED' } })
    await relay.close()
    expect(relay.status().state).toBe('closed')
  })

  it('say how much waits and for how long, also while nothing can be said', async () => {
    const cache = new Recorder()
    const relay = await bench.lead(cache)
    cache.isAway = true
    await bench.sql.query('insert into positions (user_id) values (1), (2), (3)')
    await eventually('a refusal', () => cache.refused > 0)
    expect(relay.status().lag).toMatchObject({ kind: 'rows', rows: 3 })
    await eventually('a greater age', () => {
      const { lag } = relay.status()
      return lag?.kind === 'rows' && lag.rows === 3 && lag.oldestAgeMs > 100
    })
  })

  it('leave no connection behind when they are closed, however often', async () => {
    const relay = await bench.lead(new Recorder())
    await Promise.all([relay.close(), relay.close()])
    await eventually('no session of a relay', async () => {
      const { rows } = await bench.sql.query(`select 1 from pg_stat_activity
        where application_name = 'staleproof-relay' and datname = current_database()`)
      return rows.length === 0
    })
  })

  it('refuse options that they do not know', async () => {
    const start = bench.start(new Recorder(), { via: 'mail' as 'outbox' })
    await expect(start).rejects.toMatchObject({ code: 'SP_OPTION_INVALID' })
  })
})
