/** The small pure parts of the page: how numbers are written, and how a stream is read. */
import { describe, expect, test } from 'vitest'
import { EventParser } from '../../dashboard/api/event-parser.ts'
import { breakable, isLong } from '../../dashboard/text/breaks.ts'
import * as format from '../../dashboard/text/format.ts'

describe('numbers', () => {
  test.each([
    [format.count(99_999), '99,999'],
    [format.count(1_234_567), '1.23M'],
    [format.percent(0.9123), '91.2\u00a0%'],
    [format.percent(0.99999), '>99.9\u00a0%'],
    [format.percent(1), '100\u00a0%'],
    [format.duration(0.62), '620\u00a0µs'],
    [format.duration(61_000), '1\u00a0min\u00a01\u00a0s'],
    [format.duration(3_599_999), '1\u00a0h'],
    [format.duration(90_000_000), '1\u00a0d\u00a01\u00a0h'],
    [format.bytes(2_705_829_396), '2.52\u00a0GiB'],
    [format.bytes(0), '0\u00a0B'],
  ])('%s', (shown, expected) => {
    expect(shown).toBe(expected)
  })

  test('that are not known are no zero', () => {
    for (const one of [format.count, format.percent, format.duration, format.bytes]) {
      expect([one(undefined), one(null), one(Number.NaN)]).toEqual(['–', '–', '–'])
    }
  })
})

describe('a line', () => {
  test.each([
    ['position.closed', ['position.closed']],
    ['reference-system:market:517310', ['reference-', 'system:', 'market:', '517310']],
    ['market-group:3 and 179 more', ['market-group:3 and 179 more']],
    ['all of ::marketByCondition/7', ['all of ::', 'marketByCondition/', '7']],
    ['', ['']],
  ])('of %j may end behind what separates parts', (text, pieces) => {
    expect(breakable(text)).toEqual(pieces)
    expect(pieces.some(isLong)).toBe(false)
  })

  test('may end anywhere in what is no word', () => {
    expect(breakable(`key:${'f'.repeat(40)}`).map(isLong)).toEqual([false, true])
    expect(isLong('a reason of many short words')).toBe(false)
  })
})

describe('a stream', () => {
  test('is read the same however it is cut', () => {
    const text = ': beat\n\nid: 1\nevent: hello\ndata: {"a":1}\n\nid: 2\ndata: {"b":\ndata: 2}\n\n'
    for (let cut = 0; cut <= text.length; cut += 1) {
      const parser = new EventParser()
      const events = [...parser.push(text.slice(0, cut)), ...parser.push(text.slice(cut))]
      expect(events).toEqual([
        { id: 1, data: '{"a":1}' },
        { id: 2, data: '{"b":\n2}' },
      ])
    }
  })

  test('that sends an event without end is given up', () => {
    const parser = new EventParser()
    expect(() => parser.push('data: '.padEnd(5 * 1024 * 1024, 'x'))).toThrow('too long')
  })
})
