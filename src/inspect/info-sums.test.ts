import { expect, test } from 'vitest'
import { parseInfo } from './info.ts'
import { commandsOver, sumOver } from './info-sums.ts'

const one = parseInfo('used_memory:100\r\ncmdstat_get:calls=10,usec=20,usec_per_call=2.00')
const other = parseInfo(
  'used_memory:50\r\nmaxmemory:90\r\ncmdstat_get:calls=30,usec=20,usec_per_call=0.67\r\n' +
    'cmdstat_set:calls=1,usec=9,usec_per_call=9.00,rejected_calls=2,failed_calls=3',
)

test('a sum is that of all, and not known where one of them does not say', () => {
  expect(sumOver([one, other], 'used_memory')).toBe(150)
  expect(sumOver([one, other], 'maxmemory')).toBeUndefined()
  expect(sumOver([], 'used_memory')).toBeUndefined()
})

test('commands are counted together, and an average weighs calls', () => {
  const [get, set] = commandsOver([one, other])
  expect(get).toMatchObject({ name: 'get', calls: 40, us: 40, usPerCall: 1 })
  expect(set).toMatchObject({ name: 'set', calls: 1, rejected: 2, failed: 3 })
})
