/** The result for people, as plain lines. */
import type { StaleServes } from '../../testing/index.ts'
import type { Paint } from '../paint.ts'
import { columns } from '../table.ts'
import type { CheckResult, RunResult, Spread } from './result.ts'

const colours = { coherent: 'green', violated: 'red', incomplete: 'yellow' } as const

const meanings = {
  coherent: 'no read was older than promised',
  violated: 'reads were older than promised',
  incomplete: 'no read was older than promised, but not everything was tried',
} as const

/** Of `verify --check`. */
export function checkLines(result: CheckResult, paint: Paint): readonly string[] {
  return [...judgedLines(result, paint), '', ...verdictLines(result, paint)]
}

/** Of a run. */
export function runLines(result: RunResult, paint: Paint): readonly string[] {
  const { target, processes, seconds, operations, invalidations, pending } = result
  const { invalidationLag, untrusted, failures, recorded } = result
  const share = `${(untrusted.share * 100).toFixed(1)} %`
  const facts = [
    ['target', target],
    ['processes', `${processes}, for ${seconds.toFixed(0)} s`],
    ['operations', number(operations)],
    [
      'invalidations',
      `${number(invalidations)}, of which ${number(pending)} had to wait for Redis`,
    ],
    ['invalidation lag', spread(invalidationLag)],
    ['time untrusted', `${share} of all process time, ${number(untrusted.losses)} losses of trust`],
    ...(recorded === null ? [] : [['history', recorded]]),
  ]
  return [
    ...columns(facts, paint),
    '',
    ...faultLines(result, paint),
    '',
    ...judgedLines(result, paint),
    ...failures.map(({ what, times }) => `  ${paint('yellow', `failed ${times} ×`)}  ${what}`),
    '',
    ...verdictLines(result, paint),
  ]
}

function faultLines({ faults }: RunResult, paint: Paint): readonly string[] {
  const ran = faults.ran.map(({ name, times }) => [name, `${times} ×`])
  const skipped = faults.skipped.map(({ name, reason }) => [
    name,
    paint('yellow', `skipped: ${reason}`),
  ])
  return [paint('bold', 'Faults'), ...columns([...ran, ...skipped], paint)]
}

function judgedLines({ history, boundMs }: CheckResult, paint: Paint): readonly string[] {
  const { reads, writes, stale, finals } = history
  const byTier = Object.entries(reads).filter(([, count]) => count > 0)
  const rows = byTier.map(([tier, count]) => {
    const serves = stale.find((each) => each.tier === tier)
    return [tier, number(count), serves === undefined ? 'none old' : staleText(serves, paint)]
  })
  return [
    paint(
      'bold',
      `Reads by tier; memory may lag by ${boundMs.toFixed(0)} ms, the others not at all`,
    ),
    ...columns(rows, paint),
    ...columns(
      [
        ['written', number(writes)],
        ['last reads', number(finals)],
      ],
      paint,
    ),
  ]
}

function staleText({ within, beyond, p50Ms, p99Ms, maxMs }: StaleServes, paint: Paint): string {
  const ages = `p50 ${ms(p50Ms)}, p99 ${ms(p99Ms)}, max ${ms(maxMs)}`
  const broken = beyond > 0 ? paint('red', `, ${number(beyond)} beyond it`) : ''
  return `${number(within)} old within the bound${broken}: ${ages}`
}

function verdictLines({ verdict, missing, history, evidence }: CheckResult, paint: Paint) {
  const told = evidence.flatMap((story) => [...story, ''])
  const more = history.violationCount - evidence.length
  const rest = more > 0 ? [`and ${number(more)} more violations`, ''] : []
  const head = `${paint(colours[verdict], verdict.toUpperCase())}  ${meanings[verdict]}`
  return [...told, ...rest, head, ...missing.map((each) => `  ${each}`)]
}

function spread({ count, p50Ms, p99Ms, maxMs }: Spread): string {
  if (count === 0) return 'none measured'
  return `p50 ${ms(p50Ms)}, p99 ${ms(p99Ms)}, max ${ms(maxMs)}`
}

function ms(value: number): string {
  return value < 10 ? `${value.toFixed(1)} ms` : `${number(Math.round(value))} ms`
}

/** With separators of thousands, whatever the locale of the machine. */
export function number(value: number): string {
  return value.toLocaleString('en-US')
}
