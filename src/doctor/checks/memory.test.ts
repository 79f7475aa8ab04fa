import type { GivenFacts } from '../facts.test-support.ts'
import { describeChecks } from './fixture.test-support.ts'
import { memoryChecks } from './memory.ts'

const mb = 2 ** 20

const used = (percent: number, notCounted = 0): GivenFacts => ({
  info: { maxmemory: 1_000, used_memory: percent * 10, mem_not_counted_for_evict: notCounted },
})

const policy = (name: string, db0 = 'keys=100,expires=100'): GivenFacts => ({
  info: { maxmemory: 1_000, maxmemory_policy: name, db0 },
})

const evicted = (count: number, exceededMs = 0): GivenFacts => ({
  info: { evicted_keys: 5_000 + count, total_eviction_exceeded_time: exceededMs },
  before: { evicted_keys: 5_000, total_eviction_exceeded_time: 0 },
})

const evictedInHour = (count: number): GivenFacts => ({
  ...evicted(0),
  more: {
    history: [
      { atMs: 0, numbers: { evicted_keys: 10 } },
      { atMs: 3_600_000, numbers: { evicted_keys: 10 + count } },
    ],
  },
})

const fragmented = (ratio: number, bytes: number, more = {}): GivenFacts => ({
  info: { mem_fragmentation_ratio: ratio, mem_fragmentation_bytes: bytes, ...more },
})

const overhead = (overheadMb: number, usedMb = 100): GivenFacts => ({
  info: {
    used_memory: (usedMb + 1) * mb,
    used_memory_startup: mb,
    used_memory_overhead: (overheadMb + 1) * mb,
  },
})

const clients = (normalBytes: number, largestBytes: number): GivenFacts => ({
  info: { mem_clients_normal: normalBytes, connected_clients: 10 },
  clients: [{ memoryBytes: largestBytes }, { memoryBytes: 1 }],
})

const plain = (bytes: number, head: string): GivenFacts => ({
  keys: [
    { name: 'page:1', bytes, head },
    { name: 'page:2', bytes: 500, head: '{' },
  ],
})

describeChecks(memoryChecks, [
  {
    id: 'MEM01',
    fires: [
      ['nothing limits it', 'crit', { info: { maxmemory: 0 }, config: {} }],
      ['a managed server may be limited elsewhere', 'warn', { info: { maxmemory: 0 } }],
      ['the server does not say', 'unknown', { info: { used_memory: 1 } }],
    ],
    silent: [['there is a limit', { info: { maxmemory: 1 }, config: {} }]],
  },
  {
    id: 'MEM02',
    fires: [
      ['more than 80 %', 'warn', used(81)],
      ['more than 90 %', 'crit', used(91)],
      ['there is no limit', 'skipped', { info: { maxmemory: 0, used_memory: 1 } }],
    ],
    silent: [
      ['80 %', used(80)],
      ['what eviction does not count', used(85, 100)],
    ],
  },
  {
    id: 'MEM03',
    fires: [
      ['writes will fail', 'crit', policy('noeviction')],
      ['a part can not be evicted', 'crit', policy('volatile-lru', 'keys=100,expires=49')],
      ['any key may go', 'warn', policy('allkeys-random')],
      ['any key with a TTL may go', 'warn', policy('volatile-random')],
      [
        'a stream may go',
        'crit',
        { ...policy('allkeys-lru'), keys: [{ name: 'a:1', type: 'stream', ttlMs: undefined }] },
      ],
      [
        'a queue may go',
        'crit',
        { ...policy('allkeys-lfu'), keys: [{ name: 'bull:mail:wait', ttlMs: undefined }] },
      ],
    ],
    silent: [
      ['allkeys-lru', policy('allkeys-lru')],
      ['half of the keys have a TTL', policy('volatile-ttl', 'keys=100,expires=50')],
      ['a lock that ends', { ...policy('allkeys-lru'), keys: [{ name: 'lock:1' }] }],
      ['no limit', { info: { maxmemory: 0, maxmemory_policy: 'noeviction' } }],
    ],
  },
  {
    id: 'MEM04',
    fires: [
      ['one within the window', 'warn', evicted(1)],
      ['many within the window are no more', 'warn', evicted(5_000)],
      ['eviction does not keep up', 'crit', evicted(1, 5)],
      ['some in the last hour', 'warn', evictedInHour(1_000)],
      ['more than 1,000 in the last hour', 'crit', evictedInHour(1_001)],
      [
        'the counter was reset',
        'unknown',
        { info: { evicted_keys: 1 }, before: { evicted_keys: 2 } },
      ],
    ],
    silent: [
      ['none', evicted(0)],
      ['none in the last hour', evictedInHour(0)],
    ],
  },
  {
    id: 'MEM05',
    fires: [
      ['total', 'warn', fragmented(1.5, 11 * mb)],
      ['much', 'crit', fragmented(2.1, 101 * mb)],
      ['swapped', 'crit', fragmented(0.9, -11 * mb)],
      [
        'the allocator',
        'warn',
        fragmented(1, 0, { allocator_rss_ratio: 1.2, allocator_rss_bytes: 11 * mb }),
      ],
    ],
    silent: [
      ['little', fragmented(1.4, 11 * mb)],
      ['a small server', fragmented(9, 9 * mb)],
      ['an idle one', fragmented(0.9, -mb)],
    ],
  },
  {
    id: 'MEM06',
    fires: [
      ['it was fuller', 'info', { info: { used_memory: 100 * mb, used_memory_peak: 151 * mb } }],
    ],
    silent: [
      ['not much', { info: { used_memory: 100 * mb, used_memory_peak: 150 * mb } }],
      ['a small server', { info: { used_memory: mb, used_memory_peak: 10 * mb } }],
    ],
  },
  {
    id: 'MEM07',
    fires: [
      ['more than half', 'warn', overhead(51)],
      [
        'small strings',
        'info',
        { ...overhead(10), keys: [{ name: 'a' }], sample: { total: 10_001 } },
      ],
    ],
    silent: [
      ['half', overhead(50)],
      ['an empty server', overhead(5, 6)],
      ['few small strings', { ...overhead(10), keys: [{ name: 'a' }] }],
    ],
  },
  {
    id: 'MEM08',
    fires: [
      ['all are large', 'warn', clients(10 * 201 * 1_024, 0)],
      ['one is', 'crit', clients(10, 33 * mb)],
    ],
    silent: [['none', clients(10 * 200 * 1_024, 32 * mb)]],
  },
  {
    id: 'MEM09',
    fires: [['too many', 'warn', { info: { number_of_cached_scripts: 1_001 } }]],
    silent: [['a few', { info: { number_of_cached_scripts: 1_000 } }]],
  },
  {
    id: 'MEM10',
    fires: [
      ['large JSON', 'warn page:{int}', plain(5_000, '{"a":1')],
      ['no value was looked at', 'skipped', { keys: [{ name: 'a' }] }],
    ],
    silent: [
      ['small JSON', plain(1_000, '{"a":1')],
      ['compressed', plain(5_000, '\u001f\u008b')],
    ],
  },
])
