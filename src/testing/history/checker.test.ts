/** The judge of histories is judged by forged ones, where the answer is known. */
import { describe, expect, it } from 'vitest'
import { checkHistory } from './checker.ts'
import type {
  FinalRecord,
  HistoryRecord,
  InvalidateRecord,
  ReadRecord,
  WriteRecord,
} from './record.ts'
import { violationsMax } from './verdict.ts'

const boundMs = 600

type More<T> = Partial<Omit<T, 'kind'>>

function write(version: number, atMs: number, more: More<WriteRecord> = {}): WriteRecord {
  const base = { process: 'a', key: 'k', invokedMs: atMs - 5, returnedMs: atMs }
  return { kind: 'write', version, ...base, ...more }
}

function told(
  invokedMs: number,
  resolvedMs: number,
  more: More<InvalidateRecord> = {},
): InvalidateRecord {
  const base = { process: 'a', key: 'k', how: 'key', invokedMs, returnedMs: resolvedMs } as const
  return { kind: 'invalidate', ...base, resolvedMs, ...more }
}

function pending(invokedMs: number, returnedMs: number): InvalidateRecord {
  const { resolvedMs: _, ...rest } = told(invokedMs, returnedMs)
  return rest
}

function read(version: number, atMs: number, more: More<ReadRecord> = {}): ReadRecord {
  const base = { process: 'b', key: 'k', invokedMs: atMs, returnedMs: atMs + 1 }
  return { kind: 'read', version, tier: 'redis', mode: 'bounded', ...base, ...more }
}

function final(version: number, more: More<FinalRecord> = {}): FinalRecord {
  const base = { process: 'b', key: 'k', invokedMs: 9_000, returnedMs: 9_001 }
  return { kind: 'final', version, tier: 'memory', ...base, ...more }
}

/** Version 1 and then 2, of which all have been told at 300. */
const twoWrites: readonly HistoryRecord[] = [
  write(1, 100),
  told(101, 110),
  write(2, 290),
  told(291, 300),
]

const rulesBroken = (...history: HistoryRecord[]): readonly string[] =>
  checkHistory(history, { boundMs }).violations.map((violation) => violation.rule)

describe('the bound', () => {
  it('passes reads that see every write', () => {
    expect(rulesBroken(...twoWrites, read(1, 200), read(2, 301))).toEqual([])
  })

  it('catches an old value from Redis, or from a load, at once', () => {
    expect(rulesBroken(...twoWrites, read(1, 301))).toEqual(['bound'])
    expect(rulesBroken(...twoWrites, read(1, 301, { tier: 'source' }))).toEqual(['bound'])
  })

  it.each(['memory', 'joined', 'stale'] as const)('lets %s lag by the bound alone', (tier) => {
    expect(rulesBroken(...twoWrites, read(1, 900, { tier }))).toEqual([])
    expect(rulesBroken(...twoWrites, read(1, 901, { tier }))).toEqual(['bound'])
  })

  it.each(['strict', 'fresh'] as const)('lets a %s read lag in no tier', (mode) => {
    expect(rulesBroken(...twoWrites, read(1, 300, { mode, tier: 'memory' }))).toEqual([])
    expect(rulesBroken(...twoWrites, read(1, 301, { mode, tier: 'memory' }))).toEqual(['bound'])
  })

  it('asks nothing of a read that began before the invalidation had resolved', () => {
    const slow = { invokedMs: 299, returnedMs: 2_000 }
    expect(rulesBroken(...twoWrites, read(1, 0, slow))).toEqual([])
  })

  it('asks nothing for an invalidation that is pending', () => {
    const history = [write(1, 100), told(101, 110), write(2, 290), pending(291, 300)]
    expect(rulesBroken(...history, read(1, 8_000))).toEqual([])
  })

  it('counts the highest version when invalidations resolve out of order', () => {
    const history = [write(1, 100), write(2, 120), told(121, 130), told(101, 300)]
    expect(rulesBroken(...history, read(1, 400))).toEqual(['bound'])
  })

  it('covers what others had written, and nothing written since it was asked for', () => {
    const byAnother = write(2, 200, { process: 'c' })
    expect(rulesBroken(write(1, 100), byAnother, told(201, 300), read(1, 301))).toEqual(['bound'])
    expect(rulesBroken(write(1, 100), byAnother, told(199, 300), read(1, 301))).toEqual([])
  })

  it('covers only up to the version of an ordered set', () => {
    const set = told(300, 310, { how: 'set', upTo: 1 })
    expect(rulesBroken(write(1, 100), write(2, 200), set, read(1, 400))).toEqual([])
    expect(rulesBroken(write(1, 100), write(2, 200), set, read(0, 400))).toEqual(['bound'])
  })

  it('is the same for every way to invalidate', () => {
    for (const how of ['tag', 'family', 'clear', 'pattern', 'mutate', 'quarantine'] as const) {
      const history = [write(1, 100), write(2, 200), told(201, 300, { how })]
      expect(rulesBroken(...history, read(1, 301)), how).toEqual(['bound'])
    }
  })

  it('keeps keys apart', () => {
    const other = [write(2, 290, { key: 'other' }), told(291, 300, { key: 'other' })]
    expect(rulesBroken(write(1, 100), told(101, 110), ...other, read(1, 400))).toEqual([])
  })
})

describe('receipts, barriers and own writes', () => {
  it('catches a read behind its receipt, whatever the time and the tier', () => {
    const carrying = { tier: 'memory', after: 2 } as const
    expect(rulesBroken(...twoWrites, read(1, 295, carrying))).toEqual(['receipt'])
    expect(rulesBroken(...twoWrites, read(2, 295, carrying))).toEqual([])
  })

  it('lets memory lag in no process once a barrier has resolved', () => {
    const barrier = told(291, 300, { barrier: true })
    const history = [write(1, 100), write(2, 290), barrier]
    expect(rulesBroken(...history, read(1, 300, { tier: 'memory' }))).toEqual([])
    expect(rulesBroken(...history, read(1, 301, { tier: 'memory' }))).toEqual(['barrier'])
    expect(rulesBroken(...history, read(1, 301, { tier: 'joined' }))).toEqual(['barrier'])
  })

  it('catches a process behind what it has invalidated itself, also from memory', () => {
    const own = { process: 'a', tier: 'memory' } as const
    expect(rulesBroken(...twoWrites, read(1, 300, own))).toEqual([])
    expect(rulesBroken(...twoWrites, read(1, 301, own))).toEqual(['own write'])
  })
})

it('catches a version that nobody had begun to write', () => {
  expect(rulesBroken(write(1, 100), read(2, 200))).toEqual(['from nowhere'])
  const late = { invokedMs: 50, returnedMs: 94 }
  expect(rulesBroken(write(1, 100), read(1, 0, late))).toEqual(['from nowhere'])
  expect(rulesBroken(write(1, 100), read(1, 0, { ...late, returnedMs: 95 }))).toEqual([])
})

describe('the end', () => {
  it('asks every tier for exactly what the database holds', () => {
    expect(rulesBroken(...twoWrites, final(2))).toEqual([])
    expect(rulesBroken(...twoWrites, final(1))).toEqual(['final'])
    expect(rulesBroken(...twoWrites, final(3, { tier: 'payload' }))).toEqual(['final'])
  })

  it('asks it also for what nobody has invalidated', () => {
    expect(rulesBroken(write(1, 100), final(0))).toEqual(['final'])
  })
})

describe('two servers that accept writes', () => {
  const split = { kind: 'split', process: '', key: '', invokedMs: 280, returnedMs: 1_000 } as const

  it('put off what was invalidated meanwhile until they are one again', () => {
    expect(rulesBroken(...twoWrites, split, read(1, 1_000))).toEqual([])
    expect(rulesBroken(...twoWrites, split, read(1, 1_001))).toEqual(['bound'])
  })

  it('put off nothing that had resolved before', () => {
    const later = { ...split, invokedMs: 301 }
    expect(rulesBroken(...twoWrites, later, read(1, 400))).toEqual(['bound'])
  })

  it('go on as long as they overlap', () => {
    const next = { ...split, invokedMs: 990, returnedMs: 2_000 }
    expect(rulesBroken(...twoWrites, next, split, read(1, 2_000))).toEqual([])
    expect(rulesBroken(...twoWrites, next, split, read(1, 2_001))).toEqual(['bound'])
  })

  it('excuse no process for what it had invalidated itself', () => {
    expect(rulesBroken(...twoWrites, split, read(1, 400, { process: 'a' }))).toEqual(['own write'])
  })
})

describe('the verdict', () => {
  it('names the read and what it should have been', () => {
    const { violations } = checkHistory([...twoWrites, read(1, 301)], { boundMs })
    const place = { position: 4, process: 'b', key: 'k', tier: 'redis' }
    const times = { invokedMs: 301, returnedMs: 302 }
    expect(violations).toEqual([{ rule: 'bound', ...place, version: 1, expected: 2, ...times }])
  })

  it('counts all violations and lists a bounded number', () => {
    const old = Array.from({ length: violationsMax + 5 }, () => read(1, 301))
    const verdict = checkHistory([...twoWrites, ...old], { boundMs })
    expect(verdict.violations).toHaveLength(violationsMax)
    expect(verdict.violationCount).toBe(violationsMax + 5)
  })

  it('counts old answers by tier, and tells those that are allowed from the others', () => {
    const reads = [
      read(1, 400, { tier: 'memory' }),
      read(1, 800, { tier: 'memory' }),
      read(1, 1_300, { tier: 'memory' }),
      read(2, 1_400, { tier: 'memory' }),
      read(1, 310),
    ]
    const { stale } = checkHistory([...twoWrites, ...reads], { boundMs })
    expect(stale).toEqual([
      expect.objectContaining({ tier: 'memory', within: 2, beyond: 1, maxMs: 1_000 }),
      expect.objectContaining({ tier: 'redis', within: 0, beyond: 1, maxMs: 10 }),
    ])
  })

  it('says how much was judged', () => {
    const verdict = checkHistory([...twoWrites, read(2, 400), final(2)], { boundMs })
    expect(verdict).toMatchObject({ writes: 2, invalidations: 2, finals: 1 })
    expect(verdict.reads).toMatchObject({ redis: 1, memory: 0 })
  })
})
