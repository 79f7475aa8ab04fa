import { brotliCompressSync, deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { ValueSlot } from '../../core/slot.ts'
import { shownValue } from './value-text.ts'

const value = { name: 'Grüße', list: [1, null] }
const bytes = Buffer.from(JSON.stringify(value))
const size = Buffer.alloc(4)

function slot(codec: string, payload: Buffer, absent = false): ValueSlot {
  const meta = { loadMs: 1, codec, absent, tags: [] }
  const text = { stamp: 's', epoch: 'e', fid: 'f', order: '', schema: 'v' }
  const numbers = { clock: 1, bornMs: 1, softMs: 1, lifeMs: 1 }
  return { kind: 'value', ...text, ...numbers, meta, payload: payload.toString('latin1') }
}

describe('a value', () => {
  it.each([
    ['jU', bytes],
    ['jD', Buffer.concat([size, deflateRawSync(bytes)])],
    ['jB', Buffer.concat([size, brotliCompressSync(bytes)])],
  ])('is read as %s', (codec, payload) => {
    expect(shownValue(slot(codec, payload))).toEqual({ is: 'value', value })
  })

  it('that does not exist is told as such', () => {
    expect(shownValue(slot('j', Buffer.from(''), true))).toEqual({ is: 'value', value: undefined })
  })

  it.each([
    ['jE', /encrypted/],
    ['mp', /codec is 'mp'/],
    ['jB', /damaged/],
  ])('is withheld as %s, with the reason', (codec, because) => {
    const shown = shownValue(slot(codec, bytes))
    expect(shown).toMatchObject({ is: 'withheld', because: expect.stringMatching(because) })
  })
})
