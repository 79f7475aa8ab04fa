/** C: tiers, batches, locks and the work that they save. */
import type { CoverageEdit } from '../edit.ts'

export const editsC: readonly CoverageEdit[] = [
  {
    row: 'C1',
    loses: 'memory keeps what was loaded',
    file: 'src/cache/lander.ts',
    from: 'if (flight.isDoomed || !this.#engine.settings.hasMemory) return false',
    to: 'if (flight !== undefined) return false',
    caught: {
      file: 'test/contract/reading.test.ts',
      test: 'goes to memory, then to the second tier, then to the source, and says so',
    },
  },
  {
    row: 'C3',
    loses: 'small values are left uncompressed',
    file: 'src/codec/compression.ts',
    from: 'export const compressedFromBytes = 1_024',
    to: 'export const compressedFromBytes = 64',
    caught: {
      file: 'src/codec/compression.test.ts',
      test: 'below 1 KB are stored as they are',
    },
  },
  {
    row: 'C4',
    loses: 'what does not exist is remembered',
    file: 'src/cache/packer.ts',
    from: '    if (this.#parts.family.rules.negativeTtlMs === undefined) {\n',
    to: '    if (this.#parts.family.rules.negativeTtlMs !== 0) {\n',
    caught: {
      file: 'test/contract/absence.test.ts',
      test: 'is remembered in both tiers where the family has a negativeTtl',
    },
  },
  {
    row: 'C5',
    loses: 'one process loads, the others wait for it',
    file: 'src/redis/scripts/lease.ts',
    from: "    return slot.schema == schema and 'busy' or 'otherVersion'\n",
    to: '    return nil\n',
    caught: {
      file: 'test/race/stampede.test.ts',
      test: 'runs a source of %i ms once',
    },
  },
  {
    row: 'C6',
    loses: 'a batch has 200 ids at most',
    file: 'services/domain/market.ts',
    from: 'export const marketBatchMax = 200',
    to: 'export const marketBatchMax = 2_000',
    caught: {
      file: 'services/api/server.test.ts',
      test: 'a batch of more than 200 ids is refused readably',
    },
  },
  {
    row: 'C7',
    loses: 'a batch of prices tells the traders whose positions moved',
    file: 'services/workers/position-updater.ts',
    from: 'return { result: change.length, change }',
    to: 'return { result: change.length, change: undefined }',
    caught: {
      file: 'services/bot/coherence.test.ts',
      test: 'a batch of prices reaches exactly the traders whose positions moved',
    },
  },
  {
    row: 'C8',
    loses: 'further changes never restart the wait of the first',
    file: 'services/workers/debounced-batch.ts',
    from: '    if (!wasEmpty || this.#waiting.size === 0) return\n',
    to: '    if (wasEmpty && this.#waiting.size === 0) return\n',
    caught: {
      file: 'services/workers/debounced-batch.test.ts',
      test: 'a change waits for the delay, and further ones never restart it',
    },
  },
  {
    row: 'C9',
    loses: 'a source that comes and goes is not returned to',
    file: 'src/source/preference.ts',
    from: "  return health.is === 'up' && health.sinceMs + returnMs <= nowMs\n",
    to: "  return health.is === 'up' && nowMs + returnMs >= 0\n",
    caught: {
      file: 'src/source/live-data.test.ts',
      test: 'a stream that comes and goes for an hour is left once and never returned to',
    },
  },
  {
    row: 'C10',
    loses: 'a lock is given back',
    file: 'src/cache/held-lock.ts',
    from: '    const given = store.unlock(partition, { name, token }).catch(() => {})\n',
    to: '    const given = Promise.resolve(store && partition && name && token)\n',
    caught: {
      file: 'test/contract/lock.test.ts',
      test: 'is given back when its work fails, whose error is unchanged',
    },
  },
  {
    row: 'C11',
    loses: 'queries that look alike and mean two things have two entries',
    file: 'services/search/canonical-query.ts',
    from: 'export const similarityMin = 0.55',
    to: 'export const similarityMin = 0.35',
    caught: {
      file: 'services/search/canonical-query.test.ts',
      test: 'is never one that means two things',
    },
  },
]
