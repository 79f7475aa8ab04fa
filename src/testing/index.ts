/** For those who write a store of their own, and for those who test with one. */
export {
  describeStore,
  type StoreWorld,
  type SuiteTools,
} from './store-suite.ts'
