/** Durations of the simulated system: short, so that a run of seconds sees every bound pass. */

/** Δ. */
export const trustMs = 600
export const budgetMs = 200
export const leaseMs = 500
export const loadTimeoutMs = 2_000
export const connectTimeoutMs = 300
export const quarantineMs = 2_000
/** A command that waits for longer gives its connection up. */
export const unansweredMsMax = 1_500
/** ρ: no clock of a process is further from the true rate. */
export const clockRateError = 0.001
/** A primary without its replica refuses writes after this. */
export const replicationLagMsMax = 800
/** How far back an earlier primary may have lost what it acknowledged. */
export const lostTailMs: number = replicationLagMsMax + 2 * trustMs
/** How long memory may lag; a little more for the stamps that order what happens at once. */
export const boundMs: number = trustMs / (1 - clockRateError) + 0.1
