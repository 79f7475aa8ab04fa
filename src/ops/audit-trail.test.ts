import { expect, test } from 'vitest'
import { StaleproofError } from '../core/errors.ts'
import { AuditTrail, targetCharsMax } from './audit-trail.ts'

const row = {
  ...({
    atMs: 1,
    user: 'ann',
    role: 'operator',
    action: 'invalidate',
    target: 'market:1',
  } as const),
  ...({ dryRun: false, count: 1, result: 'done', service: 'api' } as const),
}

test('an entry that the server refuses is said to be in the log alone', async () => {
  const said: string[] = []
  const say = (_fields: object, message: string) => void said.push(message)
  const error = new StaleproofError('SP_REDIS_REFUSED', 'OOM')
  const connection = { pipeline: async () => [{ error }, { reply: 0 }] }
  const log = { debug: say, info: say, warn: say, error: say }
  await new AuditTrail({ key: 'a', connection, log }).write(row)
  expect(said.at(-1)).toContain('in this log alone')
})

test('an entry has a bound, however long what was meant is', async () => {
  const audit = new AuditTrail({ key: 'a', connection: undefined, log: undefined })
  await audit.write({ ...row, target: 'x'.repeat(100_000) })
  expect((await audit.read(1))[0]?.target).toHaveLength(targetCharsMax)
})
