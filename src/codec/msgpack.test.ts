import { expect, test, vi } from 'vitest'
import { msgpackCodec } from './msgpack.ts'

test('a catalog that needs msgpackr where it is not installed is told so', async () => {
  vi.doMock('msgpackr', () => {
    throw new Error("Cannot find package 'msgpackr'")
  })
  await expect(msgpackCodec()).rejects.toMatchObject({
    code: 'SP_CODEC_MISSING',
    expected: "the package 'msgpackr', version 2",
  })
  vi.doUnmock('msgpackr')
})

test('every value can be read by a process that has seen no other', async () => {
  const [writer, reader] = [await msgpackCodec(), await msgpackCodec()]
  const rows = [
    { id: 1, name: 'a' },
    { id: 2, name: 'b' },
  ]
  writer.encode(rows)
  expect(reader.decode(writer.encode(rows))).toEqual(rows)
})
