import { expect, test } from 'vitest'
import { schema } from './environment.ts'

test.each(['PRICE_BATCH_MS', 'MARKET_IMPORT_MS'] as const)('%s is a pause', (name) => {
  expect(schema.shape[name].safeParse('0').success).toBe(false)
  expect(schema.shape[name].parse('1')).toBe(1)
})
