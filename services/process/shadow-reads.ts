/**
 * Share of hits that the services compare with Redis afterwards: one more read of a header in a
 * thousand, so that the alert of stale reads has something to go by.
 */
export const shadowReads = 0.001
