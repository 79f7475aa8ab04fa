/** For those who write a store of their own, and for those who test with one. */
export { describeCodec } from './codec-suite.ts'
export { type CoherenceCase, type CoherenceReport, expectCoherent } from './expect-coherent.ts'
export { FaultyRemote, type FaultyRemoteOptions } from './faulty-remote.ts'
export { FaultyRoute, type Weather } from './faulty-route.ts'
export { FaultyServer, type ServerState } from './faulty-server.ts'
export {
  type Answer,
  type CheckerOptions,
  checkHistory,
  type FinalRecord,
  finalTiers,
  HistoryChecker,
  type HistoryRecord,
  HistoryRecorder,
  type HistoryVerdict,
  type InvalidateAsked,
  type InvalidateRecord,
  type ReadAsked,
  type ReadRecord,
  type RecorderOptions,
  type Rule,
  readModes,
  readTiers,
  type SplitRecord,
  type StaleServes,
  Story,
  storyOf,
  type Violation,
  type WriteRecord,
  waysToInvalidate,
} from './history/index.ts'
export {
  type ProxyMode,
  type ProxyTarget,
  type RedisProxy,
  startProxy,
} from './proxy/redis-proxy.ts'
export { SeededChance } from './seeded-chance.ts'
export {
  addTally,
  emptyTally,
  type FaultKind,
  faultKinds,
  isFaultKind,
  type Plan,
  type PlanOptions,
  planOf,
  type RunReport,
  runPlan,
  shrinkPlan,
  type Tallied,
  type Tally,
  tallied,
} from './simulation/index.ts'
export {
  describeStore,
  type StoreWorld,
  type SuiteTools,
} from './store-suite.ts'
export { type Invalidation, type TestCache, type TestTools, testCache } from './test-cache.ts'
export { VirtualClock, type VirtualClockOptions } from './virtual-clock.ts'
export { VirtualTime } from './virtual-time.ts'
