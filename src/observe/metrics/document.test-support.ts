/** The tables of `docs/metrics.md`, made of the definitions. */
import { cacheMetrics } from './cache-metrics.ts'
import { coherenceMetrics } from './coherence-metrics.ts'
import {
  type LabelValues,
  type MetricDefinition,
  type MetricProfile,
  seriesMax,
} from './definition.ts'
import { serverMetrics } from './server-metrics.ts'
import { serviceMetrics } from './service-metrics.ts'

type Table = Readonly<Record<string, MetricDefinition>>

const tables: Readonly<Record<string, Table>> = {
  'Reads, loads and memory': cacheMetrics,
  'Coherence, resilience and Redis as the process sees it': coherenceMetrics,
  'What the service runs beside its cache': serviceMetrics,
  'The Redis server (opt-in)': serverMetrics,
}

/** A service with 20 families that uses everything a little. */
export const usualCounts: Readonly<Record<string, number>> = {
  ...{ cache: 20, breaker: 25, limit: 3, task: 5, lock: 3, reason: 8, origin: 6, code: 8 },
  ...{ live_data: 1, source: 3, service: 6, why: 6 },
}

export function documentTables(): string {
  return Object.entries(tables)
    .map(([title, table]) => `### ${title}\n\n${tableOf(table)}`)
    .join('\n')
}

/** Of a process, without the server and its own HTTP routes. */
export function seriesOfProcess(profile: MetricProfile): number {
  const own = { ...cacheMetrics, ...coherenceMetrics, ...serviceMetrics }
  const all: readonly (readonly [string, MetricDefinition])[] = Object.entries(own)
  return all
    .filter(([name]) => !name.startsWith('http_'))
    .reduce((sum, [, definition]) => sum + seriesMax(definition, profile, usualCounts), 0)
}

export function seriesTable(): string {
  const rows = (['full', 'vitals'] as const).map((profile) => {
    return `| \`${profile}\` | ${seriesOfProcess(profile).toLocaleString('en')} |`
  })
  return `| profile | series |\n|---|---|\n${rows.join('\n')}\n`
}

function tableOf(table: Table): string {
  const rows = Object.entries(table).map(([name, { kind, help, labels, buckets }]) => {
    const told = Object.entries(labels).map(
      ([label, values]) => `\`${label}\`${valuesText(values)}`,
    )
    const edges = buckets === undefined ? '' : `. Edges: ${buckets.join(' ')}`
    return `| \`${name}\` | ${kind} | ${told.join('<br>')} | ${help}${edges} |`
  })
  return `| metric | kind | labels | what it tells |\n|---|---|---|---|\n${rows.join('\n')}\n`
}

function valuesText(values: LabelValues): string {
  if (!('max' in values)) return ` ${values.join(', ')}`
  return values.isTold === true ? '' : ` (≤ ${values.max})`
}
