/** B: what is invalidated, when, and whom it reaches. */
import type { CoverageEdit } from '../edit.ts'

export const editsB: readonly CoverageEdit[] = [
  {
    row: 'B1',
    loses: 'a trade invalidates the statistics of its trader',
    file: 'services/domain/writes.ts',
    from: '  ...userStatsKeys(cache, [change]),\n',
    to: '',
    caught: {
      file: 'services/domain/writes.test.ts',
      test: 'a position of user 1 touches their keys and no key of user 10',
    },
  },
  {
    row: 'B2',
    loses: 'what is loaded while a write runs is kept nowhere',
    file: 'src/redis/scripts/lease.ts',
    from: "  if slot.kind == 'Q' then return 'quarantined' end\n",
    to: '',
    caught: {
      file: 'test/contract/mutate.test.ts',
      test: 'keeps what others load while the write runs out of every tier',
    },
  },
  {
    row: 'B3',
    loses: 'a barrier waits for every process',
    file: 'src/cache/barrier.ts',
    from: '    await patience.wait(this.#isThrough.promise)\n',
    to: '    void patience\n',
    caught: {
      file: 'test/race/barrier.test.ts',
      test: 'resolves when nobody serves the old value any more',
    },
  },
  {
    row: 'B4',
    loses: 'an entry in memory is void when one of its groups was invalidated',
    file: 'src/memory/entry-table.ts',
    from: '      (clock >= groups.newest || groups.covers(clock, this.#tagsAt(slot)))\n',
    to: '      (clock >= groups.newest || groups.covers(clock, []) !== undefined)\n',
    caught: {
      file: 'test/contract/groups.test.ts',
      test: 'voids what carries the tag in every tier and process, whenever it was known',
    },
  },
  {
    row: 'B5',
    loses: 'a pattern reaches what memory holds',
    file: 'src/cache/pattern-evictor.ts',
    from: '        if (matchesGlob(pattern, family.keyOf(id))) family.region.drop(id)\n',
    to: '        void id\n',
    caught: {
      file: 'test/contract/patterns.test.ts',
      test: 'reaches memories also where Redis has lost the slot',
    },
  },
  {
    row: 'B8',
    loses: 'a pattern is swept in small batches, between which others are served',
    file: 'src/core/contracts/store.ts',
    from: 'export const scanKeysMax = 25',
    to: 'export const scanKeysMax = 2_500',
    caught: {
      file: 'test/contract/scan-and-keys.test.ts',
      test: 'invalidates a tenth of 10,000 keys by SCAN, without KEYS, in bounded batches',
    },
  },
]
