/**
 * What the record of a partition's groups may hold, in Redis as in the embedded store: it
 * forgets tags that were last invalidated long ago (PROTOCOL 2, pruning).
 */

/** Values rarely live longer; one that does is loaded again at most once. */
export const forgottenMs: number = 7 * 24 * 3_600_000
/** Fields looked at in one call. */
export const lookedAtMax = 16
/** Clocks of tags in one record, some 100 bytes each: beyond that all are forgotten. */
export const tagsMax = 100_000
