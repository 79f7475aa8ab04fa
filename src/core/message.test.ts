import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatAcknowledged,
  formatEcho,
  formatMessage,
  isKeyText,
  type Message,
  parseDirect,
  parseMessage,
} from './message.ts'
import { encodeNote, noteCharsMax } from './note.ts'

const head = {
  epoch: 'ePoCh012',
  seq: 12,
  origin: 'api',
  serverMicros: 1763640000123456,
  reason: 'position_created',
  barrier: undefined,
}
const golden: [string, Message][] = [
  [
    '1|3|ePoCh012|12|K|api|1763640000123456|position_created||api:positions:7,market:a%2Cb',
    { kind: 'keys', ...head, keys: ['api:positions:7', 'market:a%2Cb'] },
  ],
  [
    '1|3|ePoCh012|12|T|api|1763640000123456|position_created||1763640000123999;user%3A7,f.x',
    { kind: 'tags', ...head, clock: 1763640000123999, tags: ['user%3A7', 'f.x'] },
  ],
  [
    '1|3|ePoCh012|12|F|api|1763640000123456|position_created||1763640000123999',
    { kind: 'floor', ...head, clock: 1763640000123999 },
  ],
  [
    '1|3|ePoCh012|12|S|api|1763640000123456|position_created||0000000000000000042;price:7',
    { kind: 'set', ...head, key: 'price:7', order: '0000000000000000042' },
  ],
  [
    '1|3|ePoCh012|12|G|api|1763640000123456|position_created||market:*:a?',
    { kind: 'pattern', ...head, pattern: 'market:*:a?' },
  ],
  [
    '1|3|ePoCh012|12|A|api|1763640000123456|position_created||price:7,market:1',
    { kind: 'active', ...head, keys: ['price:7', 'market:1'] },
  ],
  [
    '1|3|ePoCh012|12|K|api|1763640000123456|position_created|pR0cess~b4rrier|price:7',
    { kind: 'keys', ...head, barrier: { process: 'pR0cess', id: 'b4rrier' }, keys: ['price:7'] },
  ],
  [
    '1|3|||K|api|1763640000123456|||price:7',
    { kind: 'keys', ...head, epoch: undefined, seq: undefined, reason: '', keys: ['price:7'] },
  ],
]

describe('messages', () => {
  it('reads numbers of up to 16 digits, as exactly as numbers are', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{1,16}$/), (digits) => {
        const text = `1|3|ePoCh012|${digits}|K|api|${digits}|||price:7`
        expect(parseMessage(text, 3)).toMatchObject({
          seq: Number(digits),
          serverMicros: Number(digits),
        })
      }),
    )
  })

  it.each(golden)('%s reads back and forth', (text, message) => {
    expect(parseMessage(text, 3)).toEqual(message)
    expect(formatMessage(message, 3)).toBe(text)
  })

  it('of another database are told apart before their wire version', () => {
    expect(parseMessage('9|4|whatever', 3)).toBe('otherDatabase')
    expect(parseMessage(golden[0]?.[0] ?? '', 4)).toBe('otherDatabase')
  })

  it('of another wire version, or of a kind unknown to this one, are unknown', () => {
    expect(parseMessage('2|3|whatever', 3)).toBe('unknownWire')
    expect(parseMessage('1|3|ePoCh012|12|Z|api|1763640000123456|r||glob*', 3)).toBe('unknownWire')
  })

  it.each([
    '',
    'hello',
    '1|3',
    '1||K',
    '12|3|x',
    '1|3|e|1|K|api|1763640000123456|r|',
    '1|3|e|1|K|api|1763640000123456|r||',
    '1|3|e|1|K|api|1763640000123456|r|p|a',
    '1|3|e|1|K|api|1763640000123456|r|p~|a',
    '1|3|e|1|K|api|1763640000123456|r|p~b~c|a',
    '1|3|e|1|G|api|1763640000123456|r||',
    '1|3|e|1|K|api|1763640000123456|r||a,',
    '1|3|e|1|K|api|1763640000123456|r||a|b',
    '1|3|e|1|K|api|1763640000123456|r|a',
    '1|3|e|x|K|api|1763640000123456|r||a',
    '1|3||7|K|api|1763640000123456|r||a',
    '1|3|e|1|K|api|soon|r||a',
    '1|3|||T|api|1763640000123456|r||1763640000123999;a',
    '1|3|e|1|T|api|1763640000123456|r||1763640000123999',
    '1|3|e|1|T|api|1763640000123456|r||1763640000123999;',
    '1|3|e|1|F|api|1763640000123456|r||',
    '1|3|e|1|S|api|1763640000123456|r||42;a',
    '1|3|e|1|S|api|1763640000123456|r||0000000000000000042;',
    '1|3|e|1|k|api|1763640000123456|r||a',
  ])('%j is no message', (text) => {
    expect(parseMessage(text, 3)).toBeUndefined()
  })

  it('carry any origin and reason up to their bound', () => {
    const note = fc.string({ unit: 'grapheme', maxLength: 40 })
    fc.assert(
      fc.property(note, note, (origin, reason) => {
        const message: Message = { kind: 'keys', ...head, origin, reason, keys: ['k'] }
        expect(parseMessage(formatMessage(message, 0), 0)).toEqual(message)
      }),
    )
    expect(encodeNote('x'.repeat(noteCharsMax + 1))).toHaveLength(noteCharsMax)
  })

  it('are refused when keys or tags hold a separator', () => {
    expect(isKeyText('a|b')).toBe(false)
    expect(() => formatMessage({ kind: 'keys', ...head, keys: ['a', 'b,c'] }, 0)).toThrow(
      RangeError,
    )
    expect(() => formatMessage({ kind: 'keys', ...head, keys: [] }, 0)).toThrow(RangeError)
    expect(() => formatMessage({ kind: 'pattern', ...head, pattern: 'a|*' }, 0)).toThrow(RangeError)
    const barrier = { process: 'p~q', id: 'b' }
    expect(() => formatMessage({ kind: 'keys', ...head, barrier, keys: ['a'] }, 0)).toThrow(
      RangeError,
    )
    expect(() => formatMessage({ kind: 'tags', ...head, clock: 1, tags: ['#e'] }, 0)).toThrow(
      RangeError,
    )
  })

  it('never make reading throw, whatever is published', () => {
    const part = fc.oneof(
      fc.string(),
      fc.constantFrom('1', '0', 'K', 'T', 'S', 'G', 'E', 'A', '', 'e'),
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 10 }), (parts) => {
        parseMessage(parts.join('|'), 0)
        parseDirect(parts.join('|'))
      }),
    )
  })
})

describe('what is told to one process', () => {
  const echo = { nonce: 'n0nce', runId: 'a1b2', epoch: 'ePoCh012', seq: 12 }

  it.each([
    ['1|3|ePoCh012|12|E|n0nce|a1b2', echo],
    ['1|3|||E|n0nce|a1b2', { ...echo, epoch: undefined, seq: undefined }],
  ])('%s reads back and forth as an echo', (text, expected) => {
    expect(parseDirect(text)).toEqual({ kind: 'echo', ...expected })
    expect(formatEcho(expected, 3)).toBe(text)
  })

  it('reads back and forth as an acknowledgement', () => {
    const acknowledged = { barrierId: 'b4rrier', process: 'pR0cess' }
    const text = '1|3|||A|b4rrier|pR0cess'
    expect(parseDirect(text)).toEqual({ kind: 'acknowledged', ...acknowledged })
    expect(formatAcknowledged(acknowledged, 3)).toBe(text)
  })

  it.each([
    '',
    '1|3|e|1|B|n|r',
    '2|3|e|1|E|n|r',
    '1|3|e|1|E|n|',
    '1|3|e|1|E|n|r|x',
    '1|3|||A|b',
    '1|x|e|1|E|n|r',
  ])('%j is neither', (text) => {
    expect(parseDirect(text)).toBeUndefined()
  })
})
