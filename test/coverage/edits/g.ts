/** G: the nine caches of the reference system. */
import type { CoverageEdit } from '../edit.ts'

export const editsG: readonly CoverageEdit[] = [
  {
    row: 'G1',
    loses: 'a price that was written takes the place of the older one',
    file: 'services/domain/writes.ts',
    from: '  sets: { keys: priceKeys, set: writePrices },\n',
    to: '',
    caught: {
      file: 'services/caches/price-cache.test.ts',
      test: 'a price that was written is shown without asking the source again',
    },
  },
  {
    row: 'G2',
    loses: 'one family that fails alone does not close the way for the others',
    file: 'services/caches/breakers.ts',
    from: 'const dependencyDefault: BreakerOptions = { consecutive: 50 }',
    to: 'const dependencyDefault: BreakerOptions = { consecutive: 10 }',
    caught: {
      file: 'services/caches/breakers.test.ts',
      test: 'prices that fail open their own breaker and keep nobody from his positions',
    },
  },
  {
    row: 'G3',
    loses: 'each end user has pages of his own',
    file: 'services/api/warming.ts',
    from: '    if (read !== undefined) preloader.note(read)\n',
    to: '    void read\n',
    caught: {
      file: 'services/api/warming.test.ts',
      test: 'each end user has pages of his own',
    },
  },
  {
    row: 'G4',
    loses: 'the group that a market has left hears of it',
    file: 'services/workers/repositories/market-writes.ts',
    from: '[row.groupId, before?.groupId]',
    to: '[row.groupId]',
    caught: {
      file: 'services/caches/market-groups.test.ts',
      test: 'who joins, leaves or is renamed is shown so at once, by both groups',
    },
  },
  {
    row: 'G5',
    loses: 'a market that does not exist is remembered',
    file: 'services/workers/unknown-markets.ts',
    from: "outcome?.value !== undefined || outcome?.from === 'source'",
    to: 'outcome !== undefined',
    caught: {
      file: 'services/workers/ingestion.test.ts',
      test: 'an unknown market is imported, and asked for once where there is none',
    },
  },
  {
    row: 'G6',
    loses: "a trade reaches its trader's list",
    file: 'services/caches/position-cache.ts',
    from: 'return [cache.positions.key(userId), cache.position.key(positionId)]',
    to: 'return [cache.position.key(positionId)]',
    caught: {
      file: 'services/caches/position-cache.test.ts',
      test: "a trade reaches its trader's list at once and no other's",
    },
  },
  {
    row: 'G7',
    loses: 'a service hears that somebody is watched now',
    file: 'services/caches/watched-addresses.ts',
    from: "        if (event.kind === 'invalidate' && event.keys.includes(key)) listener()\n",
    to: "        if (event.kind === 'set' && event.key === key) listener()\n",
    caught: {
      file: 'services/caches/watched-addresses.test.ts',
      test: 'an address that is added in one is told to the others, who read it at once',
    },
  },
  {
    row: 'G8',
    loses: 'a batch of prices writes the statistics of the users it concerns',
    file: 'services/api/repositories/position-prices.ts',
    from: '  await writeUserStats(transaction, userIds)\n',
    to: '',
    caught: {
      file: 'services/api/user-stats.test.ts',
      test: 'are computed by one write at a time, whoever came second waits before that',
    },
  },
  {
    row: 'G9',
    loses: 'another ranking retires what the old one has found',
    file: 'services/search/source-version.ts',
    from: '.update(readFileSync(new URL(name, folder)))',
    to: '.update(typeof readFileSync)',
    caught: {
      file: 'services/search/source-version.test.ts',
      test: 'a change in %s is another version',
    },
  },
]
