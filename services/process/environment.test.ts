import { expect, test } from 'vitest'
import { z } from 'zod'
import { databaseSettings, processSettings, readEnvironment } from './environment.ts'

const schema = z.object({ ...processSettings, ...databaseSettings })
const needed = { REDIS_URL: 'redis://127.0.0.1:1', DATABASE_URL: 'postgres://127.0.0.1:1/x' }

test('what is absent or empty takes its default', () => {
  expect(readEnvironment(schema, { ...needed, PORT: '', LOG_LEVEL: 'debug' })).toMatchObject({
    PORT: 0,
    HOST: '127.0.0.1',
    LOG_LEVEL: 'debug',
    DATABASE_POOL_MAX: 8,
  })
})

test('everything that is missing or wrong is named at once', () => {
  const read = () => readEnvironment(schema, { PORT: '99999', REDIS_URL: needed.REDIS_URL })
  expect(read).toThrow(/PORT/)
  expect(read).toThrow(/DATABASE_URL/)
})
