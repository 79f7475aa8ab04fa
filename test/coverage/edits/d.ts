/** D: what happens when something fails. */
import type { CoverageEdit } from '../edit.ts'

export const editsD: readonly CoverageEdit[] = [
  {
    row: 'D1',
    loses: 'an invalidation that Redis could not be told fails no write',
    file: 'services/process/announce.ts',
    from: '      return error.receipt?.token\n',
    to: '      throw error\n',
    caught: {
      file: 'services/bot/coherence.test.ts',
      test: 'writes succeed while Redis is away, and their trader sees them',
    },
  },
  {
    row: 'D2',
    loses: 'the last failure of a row opens a breaker',
    file: 'src/resilience/source-breaker.ts',
    from: 'return this.#inRow >= threshold.failures',
    to: 'return this.#inRow > threshold.failures',
    caught: {
      file: 'src/resilience/source-breaker.test.ts',
      test: 'opens at the last of them, for as long as was said',
    },
  },
  {
    row: 'D3',
    loses: 'opening waits no longer for Redis than was said',
    file: 'src/redis/redis-remote.ts',
    from: 'const timer = this.#clock.timer(this.#connectTimeoutMs, resolve)',
    to: 'const timer = this.#clock.timer(30_000, resolve)',
    caught: {
      file: 'test/outage/absent.test.ts',
      test: 'obeys a shorter connect timeout',
    },
  },
  {
    row: 'D4',
    loses: 'a Cluster that reads from replicas is refused',
    file: 'src/redis/cluster-options.ts',
    from: '  refuseReplicas({ scaleReads: options.scaleReads })\n',
    to: '',
    caught: {
      file: 'src/redis/cluster-options.test.ts',
      test: 'is refused where it reads from replicas: %s',
    },
  },
  {
    row: 'D5',
    loses: 'who asks too often is refused',
    file: 'services/api/http/rate-limit.ts',
    from: '    if (!granted) throw tooManyRequests(requestsPerMinute, retryAfterMs)\n',
    to: '    void [granted, retryAfterMs]\n',
    caught: {
      file: 'services/api/rate-limit.test.ts',
      test: 'has a hundred requests a minute, and is told when to come again',
    },
  },
  {
    row: 'D6',
    loses: 'waits for a connection are counted',
    file: 'services/database/pool.ts',
    from: '      this.#waits.add(performance.now() - startedAtMs)\n',
    to: '      void startedAtMs\n',
    caught: {
      file: 'services/database/pool.test.ts',
      test: 'a pool of 2 serves 50 queries at once: nobody fails, and who waited is counted',
    },
  },
]
