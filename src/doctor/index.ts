/** Checks of any Redis, of the processes that use it, and of their source code. */
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
