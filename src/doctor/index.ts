/** Checks of any Redis, of the processes that use it, and of their source code. */
export { auditSource } from './audit.ts'
export type { Check, CheckGroup, Verdict } from './check.ts'
export { checks } from './checks/index.ts'
export type { SourceAudit } from './code/source-audit.ts'
export type { DoctorOptions } from './doctor-options.ts'
export { explainedChecks, explainedLines } from './explain.ts'
export type {
  DoctorReport,
  Evidence,
  Finding,
  FindingStatus,
  Place,
  Remedy,
  Sample,
  ServerIdentity,
} from './finding.ts'
export { severities } from './finding.ts'
export { formatReport, isReportFormat, type Look, type ReportFormat } from './formats/index.ts'
export {
  type FailOn,
  fails,
  parseBaseline,
  parseSuppression,
  type Suppression,
  withoutKnown,
  withoutSuppressed,
} from './judgement.ts'
export { redacted, redactedKey } from './redact.ts'
export { runDoctor } from './run-doctor.ts'
