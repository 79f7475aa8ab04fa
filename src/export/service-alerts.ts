/** Alerts on what services run beside their cache: database and HTTP (SPEC F4). */
import type { Alert } from './alert.ts'
import { countOf, rate, series, shareAbove, sumBy } from './promql.ts'

const dashboard = 'staleproof-overview'

export const databaseAlerts: readonly Alert[] = [
  {
    name: 'DatabaseP95High',
    expression: `${shareAbove({
      metric: 'db_query_duration_seconds',
      edge: 0.5,
      window: '5m',
      by: ['job'],
    })} > 0.05`,
    holds: '5m',
    severity: 'critical',
    summary: 'p95 of the database, as {{ $labels.job }} sees it, is above 500 ms',
    description:
      '{{ $value | humanizePercentage }} of its queries took longer; 5 % may. The goal is a ' +
      'p95 of 100 ms.',
    dashboard,
  },
  {
    name: 'DatabaseConnectionsHigh',
    expression: `${sumBy(['job'], series('db_pool_connections'))} > 80`,
    holds: '5m',
    severity: 'critical',
    summary: '{{ $labels.job }} holds more than 80 connections to the database',
    description: 'It holds {{ $value }}; the goal is 50.',
    dashboard,
  },
  {
    name: 'DatabaseRequestRate',
    expression: `${sumBy(['job'], rate(countOf('db_query_duration_seconds'), '5m'))} > 200`,
    holds: '10m',
    severity: 'warning',
    summary: '{{ $labels.job }} asks the database more than 200 times a second',
    description: 'It asks {{ $value | humanize }} times a second; the goal is 100.',
    dashboard,
  },
]

const requests = sumBy(['job'], rate(series('http_server_requests_total'), '5m'))
const failed = sumBy(['job'], rate(series('http_server_requests_total', { status: /5../ }), '5m'))

/** A kind of request, and how long 95 of 100 of them may take. */
interface EndpointGoal {
  /** Stands in the name of the alert: `Positions`. */
  readonly name: string
  /** Of the template of the route, as a whole. */
  readonly route: RegExp
  readonly method: string
  /** An edge of the buckets of requests, in seconds. */
  readonly seconds: number
}

/** Those of the reference system. */
const endpointGoals: readonly EndpointGoal[] = [
  { name: 'Positions', route: /.*\/positions\/user\/:[^/]+/, method: 'GET', seconds: 0.2 },
  { name: 'Market', route: /.*\/markets\/:[^/]+/, method: 'GET', seconds: 0.15 },
  { name: 'Batch', route: /.*\/batch/, method: 'POST', seconds: 0.3 },
]

const errorRate: Alert = {
  name: 'ApiErrorRate',
  expression: `${failed} / ${requests} > 0.05 and ${requests} > 0.2`,
  holds: '5m',
  severity: 'critical',
  summary: '{{ $labels.job }} answers more than 5 % of requests with an error',
  description: '{{ $value | humanizePercentage }} fail with a status of 5xx; the goal is 1 %.',
  dashboard,
}

export const httpAlerts: readonly Alert[] = [errorRate, ...endpointGoals.map(slowEndpoint)]

function slowEndpoint({ name, route, method, seconds }: EndpointGoal): Alert {
  const matching = { route, method }
  const window = '5m'
  const metric = 'http_server_request_duration_seconds'
  const slow = shareAbove({ metric, edge: seconds, window, by: ['job', 'route'], matching })
  const asked = sumBy(['job', 'route'], rate(countOf(metric, matching), window))
  return {
    name: `Endpoint${name}Slow`,
    expression: `(${slow}) > 0.05 and ${asked} > 0.2`,
    holds: '5m',
    severity: 'warning',
    summary: `p95 of {{ $labels.route }} at {{ $labels.job }} is above ${seconds * 1_000} ms`,
    description: '{{ $value | humanizePercentage }} of its requests took longer; 5 % may.',
    dashboard,
  }
}
