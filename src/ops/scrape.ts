/** `/metrics`: by its own token, for whoever may look at the rest, or open where that is said. */
import { type Fields, fieldsOf, functionIn, invalid } from '../core/option-checks.ts'
import { checkSecret, isSameSecret } from './tokens.ts'

/** What `/metrics` answers, and to whom. */
export interface OpsMetrics {
  /** The text of all metrics, as `openMetrics` of `staleproof/prometheus` has it. */
  readonly render: () => string | Promise<string>
  /** Of that text. */
  readonly contentType?: string | undefined
  /** Of whoever scrapes, as a bearer; at least 32 characters. Default: as a viewer. */
  readonly token?: string | undefined
  /** True: for everybody. */
  readonly isOpen?: boolean | undefined
}

const contentTypeDefault = 'text/plain; version=0.0.4; charset=utf-8'

/** Throws `SP_OPTION_…`. */
export function checkMetrics(metrics: OpsMetrics): OpsMetrics {
  const known = ['render', 'contentType', 'token', 'isOpen']
  const fields: Fields = fieldsOf('openOps', metrics, known)
  if (functionIn('openOps', fields, 'render') === undefined) {
    throw invalid('openOps', 'metrics.render', 'a function', fields.render)
  }
  if (metrics.token !== undefined) checkSecret('metrics.token', metrics.token)
  return metrics
}

/** True: whoever asks is let in without being known otherwise. */
export function opensMetrics({ token, isOpen }: OpsMetrics, request: Request): boolean {
  if (isOpen) return true
  const given = request.headers.get('authorization') ?? ''
  return token !== undefined && isSameSecret(given, `Bearer ${token}`)
}

export async function scraped({ render, contentType }: OpsMetrics): Promise<Response> {
  const headers = { 'content-type': contentType ?? contentTypeDefault }
  return new Response(await render(), { headers })
}
