/** A connection of a tool: bounded, allow-listed, no part of the cache. */
export { allowedCommands, hotKeysCommands } from './allowed-commands.ts'
export type { Answer } from './answer.ts'
export { type ClientRow, parseClientList } from './client-list.ts'
export {
  type ClusterPrimary,
  clusterPrimaries,
  isCluster,
  nodeOfKey,
  primariesOf,
  type Reachable,
} from './cluster.ts'
export { type ClusterNodeRow, parseClusterNodes } from './cluster-nodes.ts'
export type { Argument, CommandLine } from './command-name.ts'
export { withDeadline } from './deadline.ts'
export { declaredTemplate } from './declared-template.ts'
export {
  type CommandRow,
  fieldsOf,
  Info,
  type KeyspaceRow,
  parseInfo,
  type ReplicaRow,
} from './info.ts'
export { commandsOver, sumOf, sumOver } from './info-sums.ts'
export {
  createInspection,
  Inspection,
  type InspectionOptions,
  openInspection,
  pipelineMax,
} from './inspection.ts'
export {
  type LatencyEvent,
  type LatencyHistogram,
  parseLatencyHistograms,
  parseLatencyLatest,
} from './latency.ts'
export { type Advice, LoadWatch, quantile } from './load-watch.ts'
export { cacheChannels, namespacesOn } from './namespaces.ts'
export { pause } from './pacer.ts'
export { isList, listOf, numberOf, pairsOf, textOf } from './reply.ts'
export {
  type HotKey,
  type HotKeysSession,
  parseHotKeys,
  parseSlotStats,
  type SlotStats,
} from './server-load.ts'
export { parseSlowLog, type SlowEntry } from './slow-log.ts'
export type { InspectionTarget, NodeAddress } from './target.ts'
