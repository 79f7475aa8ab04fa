/** The paths of the admin API, so that whoever carries it can send its own ones elsewhere. */
import { apiBase } from './route-table.ts'

export const healthPath = '/health/cache'
export const metricsPath = '/metrics'
export const pagePath = '/dashboard'

export interface Served {
  readonly hasMetrics: boolean
  readonly hasPage: boolean
}

/** As routes of frameworks have them. */
export function pathsOf({ hasMetrics, hasPage }: Served): readonly string[] {
  return [
    `${apiBase}/*`,
    healthPath,
    ...(hasMetrics ? [metricsPath] : []),
    ...(hasPage ? [pagePath, `${pagePath}/*`] : []),
  ]
}

/** True: one of the patterns is meant. */
export function isAmong(patterns: readonly string[], path: string): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern,
  )
}
