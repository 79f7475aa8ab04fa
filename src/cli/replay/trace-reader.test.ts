import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Trace } from './trace.ts'
import { readTrace } from './trace-reader.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'staleproof-trace-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function read(name: string, content: string | Buffer): Promise<Trace> {
  const path = join(folder, name)
  writeFileSync(path, content)
  return readTrace(path, () => {})
}

it('numbers keys in the order of their first appearance', async () => {
  const trace = await read('plain', 'b\n7\nb\na\n7\n007\n')
  expect([...trace.keys]).toEqual([0, 1, 0, 2, 1, 3])
  expect(trace).toMatchObject({ name: 'plain', keyCount: 4, badLines: 0, isCut: false })
})

it('reads gzip by its content, and leaves the ending out of the name', async () => {
  const packed = await read('packed.gz', gzipSync('1\n2\n1\n'))
  expect([...packed.keys]).toEqual([0, 1, 0])
  expect(packed.name).toBe('packed')
  expect([...(await read('plain.gz', '1\n2\n2')).keys]).toEqual([0, 1, 1])
})

it('reads a table with a header, a client in some rows, and ends of lines of Windows', async () => {
  const lines = ['timestamp_s,key,size,op,ttl', '1,a,10,get,', '2,b,10,set,60,c7', '3,a,,get,']
  const trace = await read('table', lines.join('\r\n'))
  expect([...trace.keys]).toEqual([0, 1, 0])
  expect([...(trace.clients ?? [])]).toEqual([0, 1, 0])
  expect(trace.badLines).toBe(0)
})

it('reads more lines than fit into one piece of the file', async () => {
  const lines = Array.from({ length: 100_000 }, (_, at) => `key:${at % 777}`)
  const trace = await read('long', lines.join('\n'))
  expect(trace.keys).toHaveLength(100_000)
  expect(trace.keyCount).toBe(777)
  expect(trace.keys.at(-1)).toBe(99_999 % 777)
})

it('passes over a few bad lines, and counts them', async () => {
  const trace = await read('few', `1\n\n${'2\n'.repeat(50)}`)
  expect(trace.keys).toHaveLength(51)
  expect(trace.badLines).toBe(1)
})

it.each([
  ['is empty', ''],
  ['has nothing but a header', 'key\n'],
  ['has many lines without a key', `1,a,1,get,\n${'1,a,1,get,\nbad\n'.repeat(40)}`],
  ['has no lines', 'x'.repeat(200_000)],
  ['is damaged', gzipSync('1\n'.repeat(5_000)).subarray(0, 30)],
  ['is not text', Buffer.alloc(1_000, '\0\n')],
])('refuses a file that %s', async (_, content) => {
  const refused = expect.objectContaining({ code: 'SP_TRACE_INVALID' })
  await expect(read('bad', content)).rejects.toThrow(refused)
})

it('refuses what is not there, and a folder', async () => {
  const refused = expect.objectContaining({ code: 'SP_TRACE_INVALID' })
  await expect(readTrace(join(folder, 'nowhere'), () => {})).rejects.toThrow(refused)
  await expect(readTrace(folder, () => {})).rejects.toThrow(refused)
})
