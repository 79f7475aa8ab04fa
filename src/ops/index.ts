/** The admin API: routes, roles, streams, and the page. */

export type { InspectionTarget } from '../inspect/index.ts'
export {
  openReporter,
  type Reporter,
  type ReporterOptions,
  type ReporterParts,
} from '../observe/index.ts'
export type {
  AuditAnswer,
  AuditRow,
  BreakerFacts,
  DoctorAnswer,
  DoneAnswer,
  EntryAnswer,
  FamiliesAnswer,
  FamilyAnswer,
  FamilyDifference,
  FamilyRow,
  FamilyTotals,
  HealthAnswer,
  InvalidationRow,
  InvalidationsAnswer,
  KeyRow,
  KeysAnswer,
  MeAnswer,
  OverviewAnswer,
  PlanAnswer,
  Problem,
  ProcessRow,
  Rates,
  RedisAnswer,
  ResilienceAnswer,
  Role,
  SeriesAnswer,
  SeriesName,
  ServerFigures,
  ServerMemory,
  ServicesAnswer,
  StatsAnswer,
  StreamEvent,
  UsageAnswer,
  WarmingAnswer,
} from './answers.ts'
export type { OpsAuth, OpsAuthenticator, OpsUser, Peer } from './authority.ts'
export { openApiDocument } from './open-api.ts'
export { type Ops, openOps } from './open-ops.ts'
export type { OpsOptions } from './ops-options.ts'
export type { OpsCache, OpsReporter } from './platform.ts'
export { apiBase, type RouteName, type RouteRow, routes } from './route-table.ts'
export type { OpsMetrics } from './scrape.ts'
export type { OpsToken } from './tokens.ts'
