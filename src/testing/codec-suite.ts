/**
 * The contract of a codec as tests: whatever a family is given as `codec` must pass them.
 * They bring no test runner: give them yours.
 *
 * @example
 * import { describe, expect, it } from 'vitest'
 * describeCodec({ describe, expect, it }, 'my codec', myCodec)
 */
import type { Codec } from '../core/codec.ts'
import type { SuiteTools } from './store-suite.ts'

const LONG = 100_000
const DEPTH = 200

/** Of every kind that a family carries (CONTRACT 2), at the edges where encodings differ. */
const SAMPLES: Readonly<Record<string, unknown>> = {
  null: null,
  'booleans and empty things': [true, false, '', [], {}, [[]], [{}]],
  'small and large integers': [0, 1, -1, 127, 128, 255, 256, 65_536, 2 ** 31, 2 ** 32, -(2 ** 31)],
  'integers beyond 32 bits': [2 ** 53 - 1, -(2 ** 53 - 1), 2 ** 53, 2 ** 63, -(2 ** 63), 1e21],
  fractions: [0.1, -0.1, 1 / 3, Number.MAX_VALUE, Number.MIN_VALUE, 1e-7],
  'texts of every plane': ['a', 'é', '€', '😀', 'a\u0000b', '\u2028', '\ufeff', '\ufffd', '"\\\n'],
  'a text that looks like a number': ['1', '-0', '1e3', 'NaN', 'null', ''],
  'a long text': 'é'.repeat(LONG),
  'names that look like indexes, in their order': { b: 1, a: 2, '': 3, 'a.b': 4, é: 5 },
  'names that objects have': { constructor: 1, toString: 'x', hasOwnProperty: null, length: 0 },
  'rows of one shape': Array.from({ length: 300 }, (_, id) => ({ id, name: `n${id}`, on: true })),
  'rows of many shapes': Array.from({ length: 300 }, (_, id) => ({
    [`field${id}`]: id,
    last: null,
  })),
  'as deep as a family carries': nested(DEPTH),
}

/** Runs the tests on a codec. */
export function describeCodec(tools: SuiteTools, name: string, codec: Codec): void {
  const { describe, expect, it } = tools
  describe(name, () => {
    for (const [title, value] of Object.entries(SAMPLES)) {
      it(`gives back ${title}`, async () => {
        expect(roundOf(codec, value)).toEqual(value)
      })
    }

    it('gives the names of a value back in their order', async () => {
      const value = { z: 1, a: { y: 2, b: 3 } }
      expect(JSON.stringify(roundOf(codec, value))).toBe(JSON.stringify(value))
    })

    it('gives back each of many values that it has encoded before it decodes one', async () => {
      const values = Object.values(SAMPLES)
      const encoded = values.map((value) => encodedBy(codec, value))
      expect(encoded.map((content) => decodedBy(codec, content))).toEqual(values)
    })

    it('gives back a lone surrogate, or refuses it', async () => {
      for (const value of ['\ud800', { a: 'x\udc00' }, ['é'.repeat(100), '\ud800']]) {
        expect(outcomeOf(codec, value)).toEqual(value)
      }
    })

    it("gives back a field named '__proto__', or refuses it", async () => {
      const value: unknown = JSON.parse('{"__proto__":{"a":1},"b":2}')
      expect(JSON.stringify(outcomeOf(codec, value))).toBe(JSON.stringify(value))
      expect(Reflect.get({}, 'a')).toBe(undefined)
    })

    it('refuses what is cut', async () => {
      const whole = encodedBy(codec, [{ name: 'value', list: [1, 2, 3] }])
      for (let length = 0; length < whole.length; length++) {
        expect(isRefused(codec, whole.slice(0, length))).toBe(true)
      }
    })

    it('has a name that fits into a slot', async () => {
      expect(/^[a-z0-9]{1,3}$/.test(codec.name)).toBe(true)
    })
  })
}

function nested(depth: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { a: value }
  return value
}

function roundOf(codec: Codec, value: unknown): unknown {
  return decodedBy(codec, encodedBy(codec, value))
}

/** A refusal counts as the value itself: it is returned to its callers, and stored nowhere. */
function outcomeOf(codec: Codec, value: unknown): unknown {
  let encoded: string | Uint8Array
  try {
    encoded = encodedBy(codec, value)
  } catch {
    return value
  }
  return decodedBy(codec, encoded)
}

function isRefused(codec: Codec, content: string | Uint8Array): boolean {
  try {
    decodedBy(codec, content)
    return false
  } catch {
    return true
  }
}

function encodedBy(codec: Codec, value: unknown): string | Uint8Array {
  return codec.encode(value)
}

function decodedBy(codec: Codec, content: string | Uint8Array): unknown {
  if (codec.kind === 'text' && typeof content === 'string') return codec.decode(content)
  if (codec.kind === 'bytes' && typeof content !== 'string') return codec.decode(content)
  throw new TypeError(`expected ${codec.kind} from the codec '${codec.name}'`)
}
