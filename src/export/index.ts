/** Alert rules, dashboards of Grafana and rights of users, from what is declared. */
export { type AclOptions, type AclRole, aclRules } from './acl.ts'
export {
  type AlertGroup,
  type AlertOptions,
  alertGroups,
  alertRules,
} from './alert-rules.ts'
export { type DashboardFile, grafanaDashboards } from './grafana-dashboards.ts'
