/** Dashboards of Grafana, made of the metrics that there are (SPEC F3). */
import { dashboardJson } from './dashboards/dashboard.ts'
import { family } from './dashboards/family.ts'
import { overview } from './dashboards/overview.ts'
import { redisServer } from './dashboards/redis-server.ts'

export interface DashboardFile {
  readonly file: string
  /** As Grafana imports it. */
  readonly json: string
}

export function grafanaDashboards(): readonly DashboardFile[] {
  return [overview, family, redisServer].map((dashboard) => {
    return { file: `${dashboard.uid}.json`, json: dashboardJson(dashboard) }
  })
}
