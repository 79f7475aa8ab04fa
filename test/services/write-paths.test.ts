// Every statement that can change what a cache shows runs inside a declared write, which names its
// table; so no path from the code to a cached row leads past the invalidation.
import { getTableName, is, Table } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { migrations } from '../../services/database/migrations/index.ts'
import * as schema from '../../services/database/schema.ts'
import { changes as productChanges } from '../../services/products/changes.ts'
import { productsMigrations } from '../../services/products/migrations/index.ts'
import { isScript, isTest, type SourceFile, sourceFiles } from '../tidy/source-files.ts'
import { declaredWrites as writes } from './declared-writes.ts'
import { migrationFacts } from './sql-tables.ts'
import { type Statement, type Walk, walkWrites } from './write-walk.ts'

/** Where values of caches come from. */
const sources = [
  ['services/api/sources.ts', 'databaseSources'],
  ['services/indexer/server.ts', 'sourcesOf'],
] as const

const facts = migrations.map(({ sql }) => migrationFacts(sql))
const tables = new Set(facts.flatMap((fact) => fact.tables))
const cascades = facts.flatMap((fact) => fact.cascades)
function tableOf(name: string): string | undefined {
  const table: unknown = Reflect.get(schema, name)
  return is(table, Table) ? getTableName(table) : undefined
}

/** The Products Manager has tables of its own, with triggers. */
function serviceFiles(): readonly SourceFile[] {
  return sourceFiles().filter(
    (file) =>
      /^services\/(?!products\/|database\/migrate\.ts)/.test(file.path) &&
      isScript(file) &&
      !isTest(file),
  )
}

/** What is wrong with the statements of a walk: one line each. */
function faultsOf(walk: Walk, cached: ReadonlySet<string>): string[] {
  return walk.statements.flatMap((statement) => {
    const { table, place, writes: names, outside } = statement
    if (!tables.has(table)) return []
    const undeclared = [...names].flatMap((name) => {
      const write = writes[name]
      if (write === undefined) return [`${place}: ${name} is no declared write`]
      const missing = changedTables(statement).filter((one) => !write.tables.includes(one))
      return missing.map((one) => `${place}: changes ${one}, which ${name} does not name`)
    })
    if (!cached.has(table)) return undeclared
    const past = [...outside].map((by) => `${place}: changes ${table} past any write, from ${by}`)
    return [...past, ...undeclared]
  })
}

/** With those whose rows go or change because a row of this one goes. */
function changedTables({ table, deletes }: Statement): string[] {
  const following = deletes ? cascades.filter(([deleted]) => deleted === table) : []
  return [table, ...following.map(([, changed]) => changed)]
}

describe('the code of the services', () => {
  const walk = walkWrites(serviceFiles(), tableOf)
  const cached = new Set(
    sources
      .flatMap(([file, name]) => [...walk.tablesOf(file, name)])
      .filter((table) => tables.has(table)),
  )

  test('reads its cached values from tables that are found', () => {
    expect([...cached]).toEqual(expect.arrayContaining(['markets', 'positions', 'prices', 'users']))
    expect([...cached]).toEqual(expect.arrayContaining(['trades', 'watched_addresses', 'copiers']))
    expect(cached.has('copy_trades')).toBe(false)
  })

  test('changes a cached table only inside a write that names it', () => {
    expect(walk.statements.length).toBeGreaterThan(10)
    expect(faultsOf(walk, cached)).toEqual([])
  })

  test('has a statement for each table that a write names', () => {
    const changed = (name: string) => {
      const direct = walk.statements.filter((statement) => statement.writes.has(name))
      return new Set(direct.flatMap(changedTables))
    }
    for (const [name, write] of Object.entries(writes)) {
      expect([name, [...changed(name)].toSorted()]).toEqual([name, [...write.tables].toSorted()])
    }
  })

  test('announces each write where it runs it', () => {
    // The function that runs every write, and announces it.
    const here = 'services/process/commit-write.ts#commitWrite'
    const runs = walk.runs.filter((run) => run.place !== here)
    expect(runs.filter((run) => !run.announced)).toEqual([])
    expect(new Set(runs.map((run) => run.write))).toEqual(new Set(Object.keys(writes)))
  })

  test('hides no change of rows in the database', () => {
    expect(facts.flatMap((fact) => fact.hidden)).toEqual([])
    expect(facts.flatMap((fact) => fact.changed)).toEqual([])
  })
})

test('the Products Manager is told by a trigger on each of its tables, whoever writes', () => {
  const made = productsMigrations.flatMap(({ sql }) => migrationFacts(sql).tables)
  expect(made).not.toEqual([])
  expect([...productChanges.tables.keys()].toSorted()).toEqual(made.toSorted())
})

describe('a path past the invalidation', () => {
  const cached = new Set(['positions', 'users'])
  const path = 'services/workers/a.ts'
  const imports = `
    import { positions } from '../database/schema.ts'
    import { positionCreated, userSaved } from '../domain/writes.ts'`
  const faults = (code: string) =>
    faultsOf(walkWrites([{ path, text: `${imports}\n${code}` }], tableOf), cached)

  test.each([
    ['by the query builder', 'export const f = (db) => db.insert(positions).values({})'],
    ['by SQL', 'export const f = (db) => db.execute(sql`update positions set size = 1`)'],
    ['by SQL as text', "export const f = (db) => db.query('delete from users')"],
    ['through a function', 'function g(t) { t.delete(positions) } export const f = (t) => g(t)'],
    [
      'beside a write',
      'function g(t) { t.delete(positions) }' +
        'export const f = (t) => transact(positionCreated.reason, g); export const h = g',
    ],
    [
      'in the wrong write',
      'const f = () => transact(userSaved.reason, (t) => t.delete(positions))',
    ],
    ['in an unknown write', 'const f = () => transact(other.reason, (t) => t.delete(positions))'],
  ])('is found %s', (_, code) => {
    expect(faults(code)).not.toEqual([])
  })

  test.each([
    'const f = () => transact(positionCreated.reason, (t) => t.update(positions).set({}))',
    'function g(t) { t.delete(positions) }; const f = () => commitWrite(s, positionCreated, g)',
    'const f = (db) => db.execute(sql`select * from positions for update of positions`)',
    'const f = (map) => map.delete(key)',
  ])('is not seen in %s', (code) => {
    expect(faults(code)).toEqual([])
  })

  test('is a write that is not announced', () => {
    const text = 'const f = () => transact(userSaved.reason, run)'
    expect(walkWrites([{ path, text }], tableOf).runs).toMatchObject([{ announced: false }])
    const told = 'const f = () => commitWrite(services, userSaved, run)'
    expect(walkWrites([{ path, text: told }], tableOf).runs).toMatchObject([{ announced: true }])
  })
})
