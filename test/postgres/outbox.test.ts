/** What the triggers record, and what a relay makes of it. */

import { installOutbox, mapTables, uninstallOutbox } from 'staleproof/postgres'
import { describe, expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { heard, useBench } from './bench.ts'
import { catalog, tables } from './catalog.ts'
import { Recorder } from './recorder.ts'

const id = '00000000-0000-4000-8000-000000000001'

describe('an outbox with its relay', () => {
  const bench = useBench()

  it('invalidates what a row maps to when it is inserted, updated and deleted', async () => {
    const cache = new Recorder()
    await bench.lead(cache)
    cache.take()
    const words = ['positions:7', `position:${id}`, 'tag user:7']
    for (const statement of [
      `insert into positions (id, user_id) values ('${id}', 7)`,
      'update positions set size = 1',
      'delete from positions',
    ]) {
      await bench.sql.query(statement)
      await heard(cache, words)
      cache.take()
    }
    await eventually('an empty outbox', async () => (await bench.waiting()) === 0)
  })

  it('reaches both owners when a row moves from one to the other', async () => {
    const cache = new Recorder()
    await bench.sql.query(`insert into positions (id, user_id) values ('${id}', 1)`)
    await bench.lead(cache)
    cache.take()
    await bench.sql.query('update positions set user_id = 2')
    const both = ['positions:1', 'positions:2', 'tag user:1', 'tag user:2', `position:${id}`]
    await heard(cache, both)
  })

  it('says nothing of a transaction that was rolled back', async () => {
    const cache = new Recorder()
    await bench.lead(cache)
    cache.take()
    await bench.sql.query('begin; insert into positions (user_id) values (1); rollback')
    await bench.sql.query("insert into leaders values (1, 'a')")
    await heard(cache, ['family leaderboard'])
  })

  it('delivers a transaction that commits after younger ones were delivered', async () => {
    const cache = new Recorder()
    await bench.lead(cache)
    cache.take()
    const late = await bench.connect()
    await late.query('begin')
    await late.query(`insert into positions (id, user_id) values ('${id}', 1)`)
    await bench.sql.query("insert into leaders values (1, 'a')")
    await heard(cache, ['family leaderboard'])
    await eventually('the younger one to be removed', async () => (await bench.waiting()) === 0)
    cache.take()
    await late.query('commit')
    await heard(cache, ['positions:1', `position:${id}`, 'tag user:1'])
  })

  it('clears the families of a table that is truncated', async () => {
    const cache = new Recorder()
    await bench.lead(cache)
    cache.take()
    await bench.sql.query('truncate positions')
    await heard(cache, ['family position', 'family positions'])
  })

  it('clears the families, and says so, when a row can not be mapped', async () => {
    await bench.sql.query('alter table positions alter user_id drop not null')
    const cache = new Recorder()
    const relay = await bench.lead(cache)
    cache.take()
    await bench.sql.query('insert into positions (user_id) values (null)')
    await heard(cache, ['family position', 'family positions'])
    expect(relay.status().faults).toBe(1)
    expect(bench.events).toContainEqual(
      expect.objectContaining({
        kind: 'fault',
        error: expect.objectContaining({ code: 'SP_ROW_UNMAPPED' }),
      }),
    )
  })

  it('clears the families once when more has changed than maxRows', async () => {
    const cache = new Recorder()
    await bench.sql.query('insert into positions (user_id) select n from generate_series(1, 50) n')
    await bench.lead(cache, { maxRows: 20 })
    await eventually('an empty outbox', async () => (await bench.waiting()) === 0)
    expect(cache.said.filter((word) => word.startsWith('positions:'))).toEqual([])
    expect(cache.said).toContain('everything')
    cache.take()
    await bench.sql.query('insert into positions (user_id) select n from generate_series(1, 50) n')
    await heard(cache, ['family position', 'family positions'])
  })

  it('fires for rows that replication applies', async () => {
    const cache = new Recorder()
    await bench.lead(cache)
    cache.take()
    await bench.sql.query('set session_replication_role = replica')
    await bench.sql.query("insert into leaders values (1, 'a')")
    await heard(cache, ['family leaderboard'])
  })

  it('lets a role write that knows nothing of the outbox', async () => {
    const cache = new Recorder()
    await bench.lead(cache)
    cache.take()
    const role = `writer_${Date.now()}`
    await bench.sql.query(`create role ${role}; grant insert on leaders to ${role}`)
    await bench.sql.query(`set role ${role}; insert into leaders values (1, 'a'); reset role`)
    await heard(cache, ['family leaderboard'])
    await bench.sql.query(`drop owned by ${role}; drop role ${role}`)
  })

  it.each(['delete from staleproof.outbox', 'truncate staleproof.outbox'])(
    'clears everything when somebody else runs: %s',
    async (statement) => {
      const cache = new Recorder()
      const relay = await bench.lead(cache)
      await relay.close()
      cache.take()
      await bench.sql.query("insert into leaders values (1, 'a')")
      await bench.sql.query(statement)
      await bench.lead(cache)
      expect(cache.take()).toEqual(['everything'])
    },
  )

  it('clears everything when the outbox was made anew', async () => {
    const cache = new Recorder()
    await (await bench.lead(cache)).close()
    await uninstallOutbox(bench.sql)
    await bench.sql.query("insert into leaders values (1, 'a')")
    await installOutbox(bench.sql, tables)
    cache.take()
    const relay = await bench.lead(cache)
    expect(cache.take()).toEqual(['everything'])
    expect(relay.status().cleared).toBe(1)
  })

  it('clears everything when the history of the server is another one', async () => {
    const cache = new Recorder()
    await (await bench.lead(cache)).close()
    cache.take()
    await bench.sql.query("update staleproof.installation set place = 'of a restored dump'")
    await bench.lead(cache)
    expect(cache.take()).toEqual(['everything'])
  })

  it('clears nothing when the next relay finds everything as it was', async () => {
    const cache = new Recorder()
    await (await bench.lead(cache)).close()
    cache.take()
    await bench.sql.query("insert into leaders values (1, 'a')")
    await bench.lead(cache)
    expect(cache.take()).toEqual(['family leaderboard'])
  })
})

describe('installing an outbox', () => {
  const bench = useBench('tables')

  async function triggersOf(table: string): Promise<number> {
    const { rows } = await bench.sql.query(
      'select 1 from pg_trigger where tgrelid = $1::regclass',
      [table],
    )
    return rows.length
  }

  it('changes nothing when it is installed already', async () => {
    await installOutbox(bench.sql, tables)
    await bench.sql.query('truncate staleproof.outbox; set staleproof.relay = on')
    await bench.sql.query('delete from staleproof.outbox')
    await installOutbox(bench.sql, tables)
    expect(await bench.waiting()).toBe(0)
  })

  it('replaces the triggers of another mapping and takes those of its lost tables', async () => {
    await installOutbox(bench.sql, tables)
    const fewer = mapTables(catalog, {
      leaders: { columns: { name: 'string?' }, families: ['leaderboard'], touches: () => [] },
    })
    await installOutbox(bench.sql, fewer)
    expect(await triggersOf('positions')).toBe(0)
    await bench.sql.query("insert into leaders values (1, 'it''s')")
    const { rows } = await bench.sql.query('select new_row from staleproof.outbox order by id desc')
    expect(rows[0]).toEqual({ new_row: { name: "it's" } })
  })

  it('restores a trigger that somebody has dropped', async () => {
    await installOutbox(bench.sql, tables)
    await bench.sql.query('drop trigger staleproof_row on leaders')
    await installOutbox(bench.sql, tables)
    expect(await triggersOf('leaders')).toBe(2)
  })

  it('leaves nothing behind when it is uninstalled', async () => {
    await installOutbox(bench.sql, tables)
    await uninstallOutbox(bench.sql)
    await uninstallOutbox(bench.sql)
    expect(await triggersOf('positions')).toBe(0)
    const schemas = await bench.sql.query("select 1 from pg_namespace where nspname = 'staleproof'")
    expect(schemas.rows).toEqual([])
  })

  it.each([
    ['positoins', {}, "no table 'public.positoins'"],
    ['positions', { user_i: 'int' as const }, "no column 'user_i'; expected user_id"],
  ])('names what is not there: %s %o', async (table, columns, text) => {
    const map = mapTables(catalog, {
      [table]: { columns, families: ['positions'], touches: () => [] },
    })
    const error = await installOutbox(bench.sql, map).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'SP_TABLE_UNKNOWN' })
    expect(String(error)).toContain(text)
    expect(
      (await bench.sql.query("select 1 from pg_namespace where nspname='staleproof'")).rows,
    ).toEqual([])
  })

  it('quotes names that are words of SQL or contain quotes', async () => {
    await bench.sql.query(
      `create schema "or""der"; create table "or""der"."sel'ect" ("fr""om" int)`,
    )
    const map = mapTables(catalog, {
      'or"der.sel\'ect': {
        columns: { 'fr"om': 'int' },
        families: ['positions'],
        touches: (row, { key }) => key.positions(row['fr"om']),
      },
    })
    await installOutbox(bench.sql, map)
    await bench.sql.query(`insert into "or""der"."sel'ect" values (4)`)
    const { rows } = await bench.sql.query('select new_row from staleproof.outbox order by id desc')
    expect(rows[0]).toEqual({ new_row: { 'fr"om': '4' } })
  })

  it('refuses a relay whose tables the outbox does not record', async () => {
    await expect(bench.start(new Recorder())).rejects.toMatchObject({ code: 'SP_OUTBOX_MISSING' })
    await installOutbox(bench.sql, mapTables(catalog, {}))
    await expect(bench.start(new Recorder())).rejects.toMatchObject({ code: 'SP_OUTBOX_MISSING' })
  })
})
