import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatFloor,
  formatLease,
  formatOrder,
  formatQuarantine,
  formatTail,
  formatValue,
  headBytesMax,
  parseHead,
  parseSlot,
  type Slot,
  type ValueSlot,
} from './slot.ts'

const VALUE =
  'V|1|sTaMp-_0|ePoCh012|1763640000123456|fid0123456789abc|0000000000000000042|sChEmA01|' +
  '1763640000123|30000|90000|12;j;0;f.market,user%3A7|{"a":"x|y"}'
const LEASE = 'L|1|sTaMp-_0|ePoCh012|token0123456789a|sChEmA01|0000000000000000007|1763640005123'
const QUARANTINE = 'Q|1|sTaMp-_0|1|0000000000000000007|tokenA:1763640030123,tokenB:1763640031123'
const FLOOR = 'T|1|sTaMp-_0|0000000000000000007'

const value: ValueSlot = {
  kind: 'value',
  stamp: 'sTaMp-_0',
  epoch: 'ePoCh012',
  clock: 1763640000123456,
  fid: 'fid0123456789abc',
  order: '0000000000000000042',
  schema: 'sChEmA01',
  bornMs: 1763640000123,
  softMs: 30_000,
  lifeMs: 90_000,
  meta: { loadMs: 12, codec: 'j', absent: false, tags: ['f.market', 'user%3A7'] },
  payload: '{"a":"x|y"}',
}
const slots: [string, Slot][] = [
  [VALUE, value],
  [
    LEASE,
    {
      kind: 'lease',
      stamp: 'sTaMp-_0',
      epoch: 'ePoCh012',
      token: 'token0123456789a',
      schema: 'sChEmA01',
      minimum: '0000000000000000007',
      deadlineMs: 1763640005123,
    },
  ],
  [
    QUARANTINE,
    {
      kind: 'quarantine',
      stamp: 'sTaMp-_0',
      flagged: true,
      order: '0000000000000000007',
      writers: [
        { token: 'tokenA', deadlineMs: 1763640030123 },
        { token: 'tokenB', deadlineMs: 1763640031123 },
      ],
    },
  ],
  [FLOOR, { kind: 'floor', stamp: 'sTaMp-_0', order: '0000000000000000007' }],
]

function format(slot: Slot): string | undefined {
  switch (slot.kind) {
    case 'value':
      return formatValue(slot)
    case 'lease':
      return formatLease(slot)
    case 'quarantine':
      return formatQuarantine(slot)
    case 'floor':
      return formatFloor(slot)
    case 'unknownWire':
      return undefined
  }
}

describe('golden texts of wire version 1', () => {
  it.each(slots)('%s reads back and forth', (text, slot) => {
    expect(parseSlot(text)).toEqual(slot)
    expect(format(slot)).toBe(text)
  })

  it('shows a lease without minimum and a quarantine without order', () => {
    const lease = parseSlot('L|1|s|e|t|f||1763640005123')
    expect(lease).toMatchObject({ kind: 'lease', minimum: '' })
    expect(parseSlot('Q|1|s|0||t:1763640005123')).toMatchObject({ flagged: false, order: '' })
  })

  it('ends a value with the tail that the server is given for a set', () => {
    expect(VALUE.endsWith(formatTail(value))).toBe(true)
    expect(formatTail(value)).toBe('30000|90000|12;j;0;f.market,user%3A7|{"a":"x|y"}')
  })
})

describe('parsing', () => {
  it.each([
    [VALUE, VALUE.length - value.payload.length],
    [LEASE, LEASE.length],
    [QUARANTINE.replace(',tokenB:1763640031123', ''), QUARANTINE.length - 21],
    [FLOOR, FLOOR.length],
  ])('takes every cut of the header of %s for damaged', (text, end) => {
    for (let length = 0; length < end; length++) {
      expect(parseSlot(text.slice(0, length)), text.slice(0, length)).toBeUndefined()
      expect(parseHead(text.slice(0, length)), text.slice(0, length)).toBeUndefined()
    }
  })

  it('reads a head whose payload is cut', () => {
    const head = parseHead(VALUE.slice(0, -5))
    expect(head).toEqual({ ...value, payload: value.payload.slice(0, -5) })
  })

  it.each(['V|2|anything', 'Z|a|', 'T|0|s|0000000000000000007'])(
    '%s is of another wire',
    (text) => {
      expect(parseSlot(text)).toEqual({ kind: 'unknownWire' })
    },
  )

  it.each([
    '',
    'hello',
    '{"json":true}',
    'v|2|lower case',
    'Z|1|unknown kind of this wire',
    VALUE.replace('1763640000123456', '176364000012345x'),
    VALUE.replace('|30000|', '||'),
    VALUE.replace('12;j;0;', '12;j;2;'),
    VALUE.replace('12;j;0;', '12;j;'),
    VALUE.replace('sTaMp-_0', ''),
    VALUE.replace('|0000000000000000042|', '|42|'),
    LEASE.replace('|0000000000000000007|', '|7|'),
    `${LEASE}|more`,
    `${FLOOR}|more`,
    'T|1|s|',
    QUARANTINE.replace('tokenA:', ''),
    QUARANTINE.replace('|1|0', '|x|0'),
  ])('%j is not ours', (text) => {
    expect(parseSlot(text)).toBeUndefined()
  })

  it('gives back any value it was given', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.array(fc.stringMatching(/^[\w.~%:-]{1,20}$/), { maxLength: 5 }),
        fc.record({
          clock: fc.nat(),
          softMs: fc.nat(),
          order: fc.option(fc.bigInt(0n, 2n ** 63n - 1n), { nil: undefined }),
          absent: fc.boolean(),
        }),
        (payload, tags, { clock, softMs, order, absent }) => {
          const slot: ValueSlot = {
            ...value,
            clock,
            softMs,
            order: order === undefined ? '' : formatOrder(order),
            meta: { ...value.meta, absent, tags },
            payload,
          }
          expect(parseSlot(formatValue(slot))).toEqual(slot)
        },
      ),
    )
  })

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom('V|1|', 'L|1|', 'Q|1|', 'T|1|', ''),
        (text, head) => {
          parseSlot(head + text)
        },
      ),
    )
  })
})

describe('formatting', () => {
  it('rounds no life up', () => {
    const text = formatValue({ ...value, softMs: 1.9, lifeMs: 2.9, bornMs: 1763640000123.9 })
    expect(parseSlot(text)).toMatchObject({ softMs: 1, lifeMs: 2, bornMs: 1763640000123 })
  })

  it('refuses a header that would not fit, and writes the largest that does', () => {
    const tags = (count: number) => ({ ...value.meta, tags: ['x'.repeat(count)] })
    expect(() => formatValue({ ...value, meta: tags(headBytesMax) })).toThrow(RangeError)
    const text = formatValue({ ...value, meta: tags(2850), payload: '' })
    expect(text.length).toBeLessThanOrEqual(headBytesMax)
    expect(parseHead(text.slice(0, headBytesMax))).toBeDefined()
  })

  it.each([['a,b'], ['a|b'], ['a;b'], [''], ['a', '']])('refuses the tags %j', (...tags) => {
    expect(() => formatValue({ ...value, meta: { ...value.meta, tags } })).toThrow(RangeError)
  })

  it.each([-1, Number.NaN, 2 ** 60])('refuses %d as a duration', (softMs) => {
    expect(() => formatTail({ ...value, softMs })).toThrow(RangeError)
  })
})

describe('formatOrder', () => {
  it('writes 19 digits from 0 to 2^63-1, which compare as the numbers do', () => {
    expect(formatOrder(0)).toBe('0'.repeat(19))
    expect(formatOrder(2n ** 63n - 1n)).toBe('9223372036854775807')
    const any = fc.bigInt(0n, 2n ** 63n - 1n)
    fc.assert(fc.property(any, any, (a, b) => formatOrder(a) < formatOrder(b) === a < b))
  })

  it.each([-1, -1n, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 2n ** 63n])(
    'refuses %s',
    (order) => {
      expect(() => formatOrder(order)).toThrow(RangeError)
    },
  )
})
