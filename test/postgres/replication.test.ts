/** The second path: the same promises from the log of the server, without triggers. */
import { describe, expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { heard, useBench } from './bench.ts'
import { Recorder } from './recorder.ts'

const id = '00000000-0000-4000-8000-000000000001'
const via = 'replication'

describe('a relay by logical replication', () => {
  const bench = useBench('tables')
  const slotSql = 'select pg_drop_replication_slot(slot_name) from pg_replication_slots'

  async function ready(): Promise<void> {
    await bench.sql.query('alter table positions replica identity full')
  }
  /** Slots outlive relays, and a database with one can't be dropped. */
  async function dropSlot(): Promise<void> {
    await bench.sql.query(`${slotSql} where database = current_database() and not active`)
  }
  function relayTest(name: string, run: (cache: Recorder) => Promise<void>): void {
    it(name, async () => {
      await ready()
      const cache = new Recorder()
      try {
        const relay = await bench.lead(cache, { via })
        expect(cache.take()).toEqual(['everything'])
        await run(cache)
        await relay.close()
      } finally {
        await dropSlot()
      }
    })
  }

  relayTest('invalidates what a row maps to, and where it was before', async (cache) => {
    await bench.sql.query(`insert into positions (id, user_id) values ('${id}', 1)`)
    await heard(cache, ['positions:1', `position:${id}`, 'tag user:1'])
    cache.take()
    await bench.sql.query('update positions set user_id = 2')
    const both = ['positions:1', 'positions:2', 'tag user:1', 'tag user:2', `position:${id}`]
    await heard(cache, both)
    cache.take()
    await bench.sql.query('delete from positions')
    await heard(cache, ['positions:2', `position:${id}`, 'tag user:2'])
  })

  relayTest('says nothing of a transaction that was rolled back', async (cache) => {
    await bench.sql.query('begin; insert into positions (user_id) values (1); rollback')
    await bench.sql.query("insert into leaders values (1, 'a')")
    await heard(cache, ['family leaderboard'])
  })

  relayTest('delivers a transaction that commits after younger ones', async (cache) => {
    const late = await bench.connect()
    await late.query(`begin; insert into positions (id, user_id) values ('${id}', 1)`)
    await bench.sql.query("insert into leaders values (1, 'a')")
    await heard(cache, ['family leaderboard'])
    cache.take()
    await late.query('commit')
    await heard(cache, ['positions:1', `position:${id}`, 'tag user:1'])
  })

  relayTest('clears the families of a table that is truncated', async (cache) => {
    await bench.sql.query('truncate positions')
    await heard(cache, ['family position', 'family positions'])
  })

  relayTest('delivers what was refused once Redis is back', async (cache) => {
    cache.isAway = true
    await bench.sql.query("insert into leaders values (1, 'a')")
    await eventually('two refusals', () => cache.refused >= 2)
    cache.isAway = false
    await heard(cache, ['family leaderboard'])
  })

  it('clears the families when a transaction has more rows than maxRows', async () => {
    await ready()
    const cache = new Recorder()
    const relay = await bench.lead(cache, { via, maxRows: 20 })
    cache.take()
    await bench.sql.query('insert into positions (user_id) select n from generate_series(1, 99) n')
    await heard(cache, ['family position', 'family positions'])
    await relay.close()
    await dropSlot()
  })

  it('delivers to the next relay what happened while there was none', async () => {
    await ready()
    const cache = new Recorder()
    await (await bench.lead(cache, { via })).close()
    cache.take()
    await bench.sql.query("insert into leaders values (1, 'a')")
    const relay = await bench.lead(cache, { via })
    expect(cache.take()).toEqual(['family leaderboard'])
    await relay.close()
    await dropSlot()
  })

  it('clears everything when the slot is gone', async () => {
    await ready()
    const cache = new Recorder()
    await (await bench.lead(cache, { via })).close()
    await dropSlot()
    cache.take()
    const relay = await bench.lead(cache, { via })
    expect(cache.take()).toEqual(['everything'])
    await relay.close()
    await dropSlot()
  })

  it('makes a new slot and clears everything when it goes while the relay works', async () => {
    await ready()
    const cache = new Recorder()
    const relay = await bench.lead(cache, { via })
    cache.take()
    await eventually('the slot to be dropped between two rounds', async () => {
      await dropSlot()
      return cache.said.includes('everything')
    })
    await relay.close()
    await dropSlot()
  })

  it('asks for the old columns that the log would not have', async () => {
    await expect(bench.start(new Recorder(), { via })).rejects.toMatchObject({
      code: 'SP_REPLICATION_UNAVAILABLE',
      expected: 'alter table "public"."positions" replica identity full',
    })
  })
})
