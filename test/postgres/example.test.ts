/** The example of the guide is the file beside this one, and it works. */
import { readFileSync } from 'node:fs'
import { openCache } from 'staleproof'
import { describe, expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { useBench } from './bench.ts'
import { catalog, migrate, relay } from './example.ts'

const page = new URL('../../docs/postgres.md', import.meta.url)
const example = new URL('./example.ts', import.meta.url)

it('docs/postgres.md shows the example as it is compiled', () => {
  expect(readFileSync(page, 'utf8')).toContain(readFileSync(example, 'utf8').trim())
})

describe('the example of the guide', () => {
  const bench = useBench('tables')

  it('leads and delivers', async () => {
    const cache = await openCache(catalog, { service: 'relay', log: false })
    await migrate(bench.sql)
    const running = await relay(cache, bench.url)
    await bench.sql.query('insert into positions (user_id) values (7)')
    await eventually('an empty outbox', async () => (await bench.waiting()) === 0)
    expect(running.status().faults).toBe(0)
    await running.close()
    await cache.close()
  })
})
