/** Reports as text, for people and for machines. */
import type { DoctorReport } from '../finding.ts'
import { formatGithub } from './github.ts'
import { formatJson, formatLines } from './json.ts'
import { formatJunit } from './junit.ts'
import { formatMarkdown } from './markdown.ts'
import { formatPretty, type Look } from './pretty.ts'
import { formatSarif } from './sarif.ts'

export type ReportFormat = 'pretty' | 'json' | 'ndjson' | 'markdown' | 'sarif' | 'junit' | 'github'

const formats: Readonly<Record<ReportFormat, (report: DoctorReport, look: Look) => string>> = {
  pretty: formatPretty,
  json: formatJson,
  ndjson: formatLines,
  markdown: formatMarkdown,
  sarif: formatSarif,
  junit: formatJunit,
  github: formatGithub,
}

export function isReportFormat(name: string): name is ReportFormat {
  return Object.hasOwn(formats, name)
}

export function formatReport(report: DoctorReport, format: ReportFormat, look: Look): string {
  return formats[format](report, look)
}

export type { Look }
