/**
 * Alert rules for Prometheus (SPEC F4). A p95 over a limit is written as the share of what took
 * longer than that limit, and every limit is the edge of a bucket, so that no rule rests on a
 * guess within a bucket.
 */
import type { Alert } from './alert.ts'
import { cacheAlerts, recordings, redisLatencyAlerts } from './cache-alerts.ts'
import { redisAlerts } from './redis-alerts.ts'
import { databaseAlerts, httpAlerts } from './service-alerts.ts'
import { type Plain, yamlOf } from './yaml.ts'

export interface AlertOptions {
  /** Stands before the name of an alert, in lower case, in `runbook_url`. */
  readonly runbookBase?: string | undefined
  /** Stands before the id of a dashboard. */
  readonly dashboardBase?: string | undefined
}

export interface AlertGroup {
  readonly name: string
  readonly alerts: readonly Alert[]
}

export const alertGroups: readonly AlertGroup[] = [
  { name: 'staleproof-cache', alerts: cacheAlerts },
  { name: 'staleproof-redis', alerts: [...redisLatencyAlerts, ...redisAlerts] },
  { name: 'staleproof-services', alerts: [...databaseAlerts, ...httpAlerts] },
]

const defaultRunbookBase = 'docs/alerts.md#'
const defaultDashboardBase = '/d/'

/** As a file of rules, which Prometheus reads as it is. */
export function alertRules(options: AlertOptions = {}): string {
  const recorded = {
    name: 'staleproof-recorded',
    interval: '30s',
    rules: Object.entries(recordings).map(([record, expr]) => ({ record, expr })),
  }
  const groups = alertGroups.map(({ name, alerts }) => {
    return { name, rules: alerts.map((alert) => ruleOf(alert, options)) }
  })
  return yamlOf({ groups: [recorded, ...groups] })
}

function ruleOf(alert: Alert, options: AlertOptions): Plain {
  const { runbookBase = defaultRunbookBase, dashboardBase = defaultDashboardBase } = options
  const { name, expression, holds, severity, summary, description, dashboard } = alert
  return {
    alert: name,
    expr: expression,
    for: holds,
    labels: { severity },
    annotations: {
      summary,
      description,
      runbook_url: `${runbookBase}${name.toLowerCase()}`,
      dashboard: `${dashboardBase}${dashboard}`,
    },
  }
}
