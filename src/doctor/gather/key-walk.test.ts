import { expect, test } from 'vitest'
import { type KeyWalk, RandomWalk, ScanWalk } from './key-walk.ts'

/** Pages of a walk by SCAN; the cursor is the number of the next one. */
function scanOf(...pages: readonly (readonly string[])[]) {
  return {
    callBytes: async (_command: string, ...[cursor]: readonly unknown[]): Promise<unknown> => {
      const at = Number(cursor)
      const next = at + 1 < pages.length ? at + 1 : 0
      return [Buffer.from(String(next)), (pages[at] ?? []).map((name) => Buffer.from(name))]
    },
  }
}

/** What RANDOMKEY draws, again and again from the first. */
function drawsOf(...names: readonly string[]) {
  let at = 0
  const draw = () => ({ reply: Buffer.from(names[at++ % names.length] ?? '') })
  return { pipelineBytes: async (lines: readonly unknown[]) => lines.map(draw) }
}

async function walked(walk: KeyWalk, size: number): Promise<readonly string[]> {
  const found: string[] = []
  for (;;) {
    const names = await walk.next(size)
    if (names === undefined) return found
    expect(names.length).toBeLessThanOrEqual(size)
    found.push(...names.map(String))
  }
}

test('a walk by SCAN gives each key once, also one that the server repeats', async () => {
  const walk = new ScanWalk(scanOf(['a', 'b', 'c'], ['b', 'd'], [], ['a', 'e']))
  expect(await walked(walk, 2)).toEqual(['a', 'b', 'c', 'd', 'e'])
  expect(walk.isComplete).toBe(true)
})

test('a walk by SCAN is complete only when all of it was given', async () => {
  const walk = new ScanWalk(scanOf(['a', 'b', 'c']))
  expect(walk.isComplete).toBe(false)
  await walk.next(2)
  expect(walk.isComplete).toBe(false)
  await walk.next(2)
  expect(walk.isComplete).toBe(true)
})

test('keys that are drawn count once, and drawing ends where nothing new comes', async () => {
  const walk = new RandomWalk(drawsOf('a', 'b', 'a', 'c'))
  expect(await walked(walk, 3)).toEqual(['a', 'b', 'c'])
  expect(walk.isComplete).toBe(false)
})

test('an empty database ends both', async () => {
  expect(await walked(new ScanWalk(scanOf([])), 5)).toEqual([])
  const none = { pipelineBytes: async () => [{ reply: null }] }
  expect(await walked(new RandomWalk(none), 5)).toEqual([])
})

test('a walk through an emptied table stops on its way, for whoever waits', async () => {
  let scans = 0
  const server = scanOf(...Array.from({ length: 1_000 }, () => []), ['a'])
  const counted = {
    callBytes: (...line: Parameters<typeof server.callBytes>) => {
      scans += 1
      return server.callBytes(...line)
    },
  }
  const walk = new ScanWalk(counted)
  expect(await walk.next(16)).toEqual([])
  expect(scans).toBeLessThan(50)
  expect(await walked(walk, 16)).toEqual(['a'])
})
