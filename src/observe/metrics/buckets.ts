/**
 * Edges of buckets. Every value that a rule compares with is an edge (SPEC F4), so that "p95
 * over 10 ms" is the exact share of what took longer, not an interpolation.
 */

/** Seconds. The last is the longest that a command may take. */
export const redisEdges: readonly number[] = [
  0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 2,
]

export const getEdges: readonly number[] = [
  0.000001, 0.00001, 0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2,
]

/** Of loads and of queries to a database. */
export const loadEdges: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10]

/** Of requests: a market in 150 ms, positions in 200, a batch in 300. */
export const httpEdges: readonly number[] = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2, 5,
]

export const lagEdges: readonly number[] = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5,
]

export const warmEdges: readonly number[] = [0.1, 0.5, 1, 5, 15, 30, 60, 300]

/** Bytes: over 1 KB is compressed. */
export const sizeEdges: readonly number[] = [
  64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 10_485_760,
]

/** Keys of one invalidation: over 100 is called broad. */
export const breadthEdges: readonly number[] = [1, 2, 5, 10, 20, 50, 100, 1_000, 10_000]
