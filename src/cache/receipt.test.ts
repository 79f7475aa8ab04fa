import { expect, test } from 'vitest'
import type { ToldReply } from '../core/contracts/store.ts'
import { parseToken } from '../core/token.ts'
import { receiptOf, type ScriptCall } from './receipt.ts'

const reply = (told: Partial<ToldReply> = {}): ToldReply => ({
  epoch: 'epochAAA',
  seq: 5,
  receivers: 1,
  registered: undefined,
  ...told,
})
const tell = (told: Partial<ScriptCall> = {}): ScriptCall => ({
  partition: 0,
  names: ['item:1'],
  stamp: 'stampAAA',
  reply: reply(),
  barrier: undefined,
  ...told,
})
const receipt = (...told: readonly ScriptCall[]) => receiptOf(told, { ms: 3, durable: undefined })
const partsOf = (...told: readonly ScriptCall[]) => parseToken(receipt(...told).token)

test('it names everything once, and what was told to nobody as pending', () => {
  const tag = { names: ['tag:user:7'] }
  const unsent = tell({ ...tag, partition: 1, reply: undefined })
  const { keys, pending, ms } = receipt(tell(), tell(tag), unsent)
  expect({ keys, pending, ms }).toEqual({
    keys: ['item:1', 'tag:user:7'],
    pending: ['tag:user:7'],
    ms: 3,
  })
})

test('it counts processes once, whatever number of messages they were handed', () => {
  const told = [1, 3, 2].map((receivers) => tell({ reply: reply({ receivers }) }))
  expect(receipt(...told).reached).toBe(3)
})

test('its token says of each partition what comes last', () => {
  const told = [tell({ reply: reply({ seq: 9 }) }), tell(), tell({ partition: 1 })]
  expect(partsOf(...told)).toMatchObject([
    { partition: 0, seq: 9, pending: false },
    { partition: 1, seq: 5 },
  ])
})

test.each([
  ['before', (one: ScriptCall, two: ScriptCall) => [two, one]],
  ['after', (one: ScriptCall, two: ScriptCall) => [one, two]],
])('its token is pending where one of two chunks is, told %s the other', (_, order) => {
  expect(partsOf(...order(tell(), tell({ reply: undefined })))).toMatchObject([{ pending: true }])
})

test.each([
  ['incarnations', tell({ stamp: 'stampBBB', reply: reply({ seq: 9 }) })],
  ['epochs', tell({ reply: reply({ epoch: 'epochBBB', seq: 9 }) })],
])('its token has no number across %s: nobody could compare it', (_, other) => {
  expect(partsOf(tell(), other)).toMatchObject([{ seq: undefined, pending: false }])
  expect(partsOf(tell(), other, tell({ reply: reply({ seq: 99 }) }))[0]?.seq).toBeUndefined()
})

test('the barrier is through when the last one is, and only if nothing is pending', () => {
  const first = tell({ barrier: { ms: 5, waitedFor: ['a', 'b'], silent: [] } })
  const last = tell({ partition: 1, barrier: { ms: 9, waitedFor: ['b', 'c'], silent: ['c'] } })
  const joined = { ms: 9, waitedFor: ['a', 'b', 'c'], silent: ['c'] }
  expect(receipt(first, last).barrier).toEqual(joined)
  expect(receipt(first, tell({ partition: 1, reply: undefined }))).not.toHaveProperty('barrier')
  expect(receipt(tell())).not.toHaveProperty('barrier')
})

test('it speaks of replicas only where somebody asked for them', () => {
  expect(receipt(tell())).not.toHaveProperty('durable')
  expect(receiptOf([tell()], { ms: 0, durable: false }).durable).toBe(false)
})
