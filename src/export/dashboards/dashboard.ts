/**
 * A dashboard of Grafana, from what it is to show. Panels stand in rows and are placed from left
 * to right; where they stand is not written down anywhere else.
 */

export type DashboardUid = 'staleproof-overview' | 'staleproof-family' | 'staleproof-redis'

export interface Dashboard {
  readonly uid: DashboardUid
  readonly title: string
  readonly description: string
  readonly variables: readonly Variable[]
  readonly rows: readonly Row[]
  /** Vertical lines where the build has changed. */
  readonly deployments: string
}

/** Offers the values of a label of a metric. */
export interface Variable {
  readonly label: string
  readonly metric: string
}

export interface Row {
  readonly title: string
  readonly panels: readonly Panel[]
}

export interface Panel {
  readonly title: string
  readonly description: string
  readonly kind: 'lines' | 'stack' | 'number' | 'table' | 'heatmap'
  readonly unit: Unit
  /** Of 24 columns. */
  readonly width: number
  readonly queries: readonly Query[]
  /** Lines and colours; the first colour holds below the first of them. */
  readonly limits?: Limits | undefined
}

export type Unit = 'percentunit' | 'short' | 's' | 'bytes' | 'reqps' | 'ops' | 'none'

export interface Query {
  readonly expression: string
  /** `{{cache}}`; of a table the name of the column. */
  readonly legend: string
}

export interface Limits {
  /** Good below the first value, or above it. */
  readonly good: 'below' | 'above'
  readonly warning: number
  readonly critical: number
}

const columns = 24
/** Whoever imports a dashboard is asked for it by this name. */
const input = 'DS_PROMETHEUS'
const datasource = { type: 'prometheus', uid: `\${${input}}` }
const colours = { good: 'green', warning: 'orange', critical: 'red' }
const heights = { lines: 8, stack: 8, number: 4, table: 9, heatmap: 8 }
const types = {
  lines: 'timeseries',
  stack: 'timeseries',
  number: 'stat',
  table: 'table',
  heatmap: 'heatmap',
}

/** As Grafana imports it: it asks for the source of data. */
export function dashboardJson(dashboard: Dashboard): string {
  const { uid, title, description, variables, deployments } = dashboard
  const plugin = { pluginId: 'prometheus', pluginName: 'Prometheus' }
  const model = {
    __inputs: [{ name: input, label: 'Prometheus', type: 'datasource', ...plugin }],
    __requires: [{ type: 'datasource', id: 'prometheus', name: 'Prometheus', version: '1.0.0' }],
    uid,
    title,
    description,
    tags: ['staleproof'],
    schemaVersion: 39,
    editable: true,
    graphTooltip: 1,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    annotations: { list: [annotationOf(deployments)] },
    links: [linkToOthers],
    templating: { list: variables.map(variableOf) },
    panels: panelsOf(dashboard.rows),
  }
  return `${JSON.stringify(model, undefined, 2)}\n`
}

const linkToOthers = {
  type: 'dashboards',
  title: 'staleproof',
  tags: ['staleproof'],
  asDropdown: true,
  includeVars: true,
  keepTime: true,
}

function annotationOf(expression: string) {
  const iconColor = 'blue'
  return { name: 'Deployments', datasource, enable: true, iconColor, expr: expression }
}

function variableOf({ label, metric }: Variable) {
  const query = `label_values(${metric}, ${label})`
  return {
    name: label,
    label,
    type: 'query',
    datasource,
    query: { query, refId: label },
    definition: query,
    refresh: 2,
    multi: true,
    includeAll: true,
    allValue: '.*',
    current: { text: 'All', value: '$__all' },
    sort: 1,
  }
}

function panelsOf(rows: readonly Row[]): readonly object[] {
  const placed: object[] = []
  let y = 0
  for (const { title, panels } of rows) {
    placed.push({
      id: placed.length + 1,
      type: 'row',
      title,
      collapsed: false,
      gridPos: { x: 0, y, w: columns, h: 1 },
      panels: [],
    })
    y += 1
    let [x, rowHeight] = [0, 0]
    for (const panel of panels) {
      if (x + panel.width > columns) {
        y += rowHeight
        x = 0
        rowHeight = 0
      }
      const h = heights[panel.kind]
      placed.push(panelOf(panel, placed.length + 1, { x, y, w: panel.width, h }))
      x += panel.width
      rowHeight = Math.max(rowHeight, h)
    }
    y += rowHeight
  }
  return placed
}

function panelOf(panel: Panel, id: number, gridPos: object): object {
  const { title, description, kind, unit, queries, limits } = panel
  const isInstant = kind === 'table'
  const targets = queries.map(({ expression, legend }, at) => ({
    refId: String.fromCharCode(65 + at),
    datasource,
    expr: expression,
    legendFormat: legend,
    ...(isInstant ? { instant: true, range: false, format: 'table' } : {}),
    ...(kind === 'heatmap' ? { format: 'heatmap' } : {}),
  }))
  const defaults = { unit, min: 0, ...thresholdsOf(kind, limits), custom: customOf(kind, limits) }
  return {
    id,
    type: types[kind],
    title,
    description,
    datasource,
    gridPos,
    targets,
    fieldConfig: { defaults, overrides: kind === 'table' ? tableUnits(queries) : [] },
    ...(isInstant ? { transformations: joined(queries) } : {}),
  }
}

/** Lines keep the colours by which they are told apart. */
function thresholdsOf(kind: Panel['kind'], limits: Limits | undefined): object {
  if (limits === undefined) return {}
  const color = { mode: kind === 'number' ? 'thresholds' : 'palette-classic' }
  const { good, warning, critical } = limits
  const steps =
    good === 'below'
      ? [
          { color: colours.good, value: null },
          { color: colours.warning, value: warning },
          { color: colours.critical, value: critical },
        ]
      : [
          { color: colours.critical, value: null },
          { color: colours.warning, value: critical },
          { color: colours.good, value: warning },
        ]
  return { thresholds: { mode: 'absolute', steps }, color }
}

function customOf(kind: Panel['kind'], limits: Limits | undefined): object {
  if (kind !== 'lines' && kind !== 'stack') return {}
  const isStack = kind === 'stack'
  return {
    fillOpacity: isStack ? 40 : 5,
    stacking: { mode: isStack ? 'normal' : 'none' },
    thresholdsStyle: { mode: limits === undefined ? 'off' : 'dashed' },
  }
}

/** One row for each set of labels, the columns named after their queries. */
function joined(queries: readonly Query[]): readonly object[] {
  const renameByName = Object.fromEntries(
    queries.map(({ legend }, at) => [`Value #${String.fromCharCode(65 + at)}`, legend]),
  )
  return [
    { id: 'merge', options: {} },
    { id: 'organize', options: { excludeByName: { Time: true }, renameByName } },
  ]
}

const unitsByEnding: readonly (readonly [RegExp, Unit])[] = [
  [/ratio$/, 'percentunit'],
  [/bytes$/, 'bytes'],
  [/seconds$/, 's'],
]

/** A column tells its unit by the end of its name. */
function tableUnits(queries: readonly Query[]): readonly object[] {
  return queries.flatMap(({ legend }) => {
    const unit = unitsByEnding.find(([ending]) => ending.test(legend))?.[1]
    const matcher = { id: 'byName', options: legend }
    return unit === undefined ? [] : [{ matcher, properties: [{ id: 'unit', value: unit }] }]
  })
}
