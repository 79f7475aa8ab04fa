import { expect, test } from 'vitest'
import { systemClock as clock } from '../system.ts'
import { SlotFeed } from './slot-feed.ts'

test('a server whose log is too short is refused with the setting that it needs', async () => {
  const feed = new SlotFeed({ schema: 'a', rowsMax: 1, map: { tables: new Map() }, clock })
  const client = { query: async () => ({ rows: [{ level: 'replica' }] }) }
  await expect(feed.check(client)).rejects.toMatchObject({
    code: 'SP_REPLICATION_UNAVAILABLE',
    expected: expect.stringContaining("wal_level = 'logical'"),
    received: "wal_level = 'replica'",
  })
})
