/** Deterministic simulation: a seed decides what happens, and the checker what may be seen. */
export { type FaultKind, faultKinds, isFaultKind } from './fault-plan.ts'
export { type Plan, type PlanOptions, planOf } from './plan.ts'
export { shrink as shrinkPlan } from './shrink.ts'
export { type RunReport, runPlan } from './simulate.ts'
export { addTally, emptyTally, type Tallied, type Tally, tallied } from './tally.ts'
