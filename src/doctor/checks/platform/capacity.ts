/** PLT07: when memory or connections run out, by a line through the last 24 hours. */
import { forecast } from '../../../observe/index.ts'
import { type Check, levelOf, rounded, type Verdict } from '../../check.ts'
import type { Facts, HistoryPoint } from '../../facts.ts'

const hourMs = 3_600_000
const fullShare = 0.9
const warnHours = 72
const critHours = 6

const capacity: Check = {
  id: 'PLT07',
  group: 'platform',
  title: 'Redis will be full soon',
  rule:
    'A line by least squares through used_memory and connected_clients of the last 24 hours, and ' +
    'when it meets 90 % of maxmemory and maxclients. Nothing is said of what is no line.',
  thresholds: { warn: 'within 72 hours', crit: 'within 6 hours' },
  source: 'requirement F7',
  needs: ['history', 'nowMs'],
  commands: ['INFO memory', 'INFO clients'],
  remedy: {
    text: 'More memory, or shorter lives for the families that grow.',
    commands: ['staleproof size'],
  },
  judge: (facts) => [
    ...timeTo(facts, { field: 'used_memory', limitField: 'maxmemory' }),
    ...timeTo(facts, { field: 'connected_clients', limitField: 'maxclients' }),
  ],
}

interface Measure {
  readonly field: string
  readonly limitField: string
}

function timeTo(facts: Facts, { field, limitField }: Measure): readonly Verdict[] {
  const history = facts.need('history')
  const limit = (history.at(-1)?.numbers[limitField] ?? 0) * fullShare
  if (limit === 0) return []
  const points = history.flatMap((point) => measured(point, field))
  const line = forecast(points, { nowMs: facts.need('nowMs'), limit })
  if (line?.msToLimit === undefined) return []
  const hours = rounded(line.msToLimit / hourMs, 1)
  // The sooner the worse: bounds are of the time that is left, so both change their sign.
  const status = levelOf(-hours, { warn: -warnHours, crit: -critHours })
  if (status === 'ok') return []
  const values = { hoursLeft: hours, now: Math.round(line.valueNow), limit: Math.round(limit) }
  return [{ status, values, subject: field }]
}

function measured({ atMs, numbers }: HistoryPoint, field: string) {
  const value = numbers[field]
  return value === undefined ? [] : [{ atMs, value }]
}

export const capacityChecks: readonly Check[] = [capacity]
