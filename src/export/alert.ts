/** What an alert rule says, before it becomes text. */
import type { DashboardUid } from './dashboards/dashboard.ts'

export interface Alert {
  readonly name: string
  /** Fires for each series that it yields. */
  readonly expression: string
  /** How long it has to hold, as Prometheus writes durations. */
  readonly holds: string
  readonly severity: 'warning' | 'critical'
  /** A template: `{{ $labels.job }}`. */
  readonly summary: string
  /** With the value and what it is measured against. */
  readonly description: string
  /** Where to look. */
  readonly dashboard: DashboardUid
}
