/** Options of `openOps`, checked once. */
import type { Chance, Clock } from '../core/contracts/clock.ts'
import {
  booleanIn,
  type Fields,
  fieldsOf,
  functionIn,
  invalid,
  isName,
  nameIn,
} from '../core/option-checks.ts'
import type { Logger } from '../core/options.ts'
import type { InspectionTarget } from '../inspect/index.ts'
import { systemChance, systemClock } from '../system.ts'
import type { OpsAuth } from './authority.ts'
import { pageFolder } from './page.ts'
import type { OpsReporter } from './platform.ts'
import { checkMetrics, type OpsMetrics } from './scrape.ts'

/** What `openOps` takes besides the cache. */
export interface OpsOptions {
  /** Of this cache; knows what the other processes publish. */
  readonly reporter: OpsReporter
  /** Where the cache is; absent: no server is asked, and the audit log is that of the process. */
  readonly redis?: InspectionTarget | undefined
  /** Tokens, a function of the host, or `loopback`. Absent: there is no API, but for its health. */
  readonly auth?: OpsAuth | undefined
  /** True: nothing can be changed, whatever the role. Default false. */
  readonly readOnly?: boolean | undefined
  /** Other namespaces on that Redis whose processes are shown beside; at most 10. */
  readonly neighbours?: readonly string[] | undefined
  /** Shown as a badge: `production`, `staging` … Default `production`. */
  readonly environment?: string | undefined
  /** `/metrics`; absent: there is none. */
  readonly metrics?: OpsMetrics | undefined
  /** Runs a task that warms; `undefined`: there is no task of that name. */
  readonly warm?: ((task: string) => Promise<unknown> | undefined) | undefined
  /** Gets the audit log, and what goes wrong. */
  readonly log?: Logger | undefined
  /** The files of the page; by default those of the package. `false`: there is no page. */
  readonly dashboard?: string | false | undefined
  readonly clock?: Clock | undefined
  readonly chance?: Chance | undefined
}

export interface ResolvedOps
  extends Pick<OpsOptions, 'reporter' | 'redis' | 'auth' | 'warm' | 'log'> {
  readonly isReadOnly: boolean
  readonly neighbours: readonly string[]
  readonly environment: string
  readonly metrics: OpsMetrics | undefined
  readonly dashboard: string | false
  readonly clock: Clock
  readonly chance: Chance
}

const known = [
  'reporter',
  'redis',
  'auth',
  'readOnly',
  'neighbours',
  'environment',
  'metrics',
  'warm',
  'log',
  'dashboard',
  'clock',
  'chance',
] as const satisfies readonly (keyof OpsOptions)[]

/** Throws `SP_OPTION_…`. */
export function resolveOps(options: OpsOptions): ResolvedOps {
  const fields = fieldsOf('openOps', options, known)
  functionIn('openOps', fields, 'warm')
  const { reporter, redis, auth, warm, log, metrics, dashboard = pageFolder } = options
  if (reporter === undefined) {
    throw invalid('openOps', 'reporter', 'what openReporter resolves to', reporter)
  }
  if (dashboard !== false && typeof dashboard !== 'string') {
    throw invalid('openOps', 'dashboard', 'a folder, or false', dashboard)
  }
  return {
    reporter,
    redis,
    auth,
    warm,
    log,
    dashboard,
    metrics: metrics === undefined ? undefined : checkMetrics(metrics),
    isReadOnly: booleanIn('openOps', fields, 'readOnly') ?? false,
    neighbours: neighboursIn(options.neighbours ?? []),
    environment: environmentIn(fields),
    clock: options.clock ?? systemClock,
    chance: options.chance ?? systemChance,
  }
}

const production = 'production'

/** Nobody opens production to all who sit at a machine without having said what it is. */
function environmentIn(fields: Fields): string {
  const environment = nameIn('openOps', fields, 'environment') ?? production
  if (fields.auth !== 'loopback' || environment !== production) return environment
  const expected = "tokens or a function in production; 'development' or the like as environment"
  throw invalid('openOps', 'auth', expected, fields.auth)
}

const neighboursMax = 10

function neighboursIn(names: readonly string[]): readonly string[] {
  const isFit = Array.isArray(names) && names.length <= neighboursMax && names.every(isName)
  if (isFit) return names
  throw invalid('openOps', 'neighbours', `an array of at most ${neighboursMax} names`, names)
}
