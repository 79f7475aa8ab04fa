/** The options of `verify`: from the command line, checked once. */
import { StaleproofError } from '../../core/errors.ts'
import { environment } from '../../system.ts'

export interface VerifyOptions {
  readonly mode: CheckMode | GivenMode | OwnMode
  readonly isJson: boolean
}

export interface CheckMode {
  readonly kind: 'check'
  readonly files: readonly string[]
}

interface RunMode {
  readonly processes: number
  readonly operations: number
  readonly opsPerSecond: number
  readonly secondsMax: number
  readonly historyFolder: string | undefined
}

export interface GivenMode extends RunMode {
  readonly kind: 'given'
  readonly address: string
  readonly withServerFaults: boolean
}

export interface OwnMode extends RunMode {
  readonly kind: 'self'
}

type Flags = Readonly<Record<string, unknown>>

const operationsDefault = 100_000
const operationsRange = { min: 1, max: 100_000_000 }
const processesDefault = 4
const processesRange = { min: 2, max: 16 }
const secondsRange = { min: 1, max: 86_400 }
/** All faults once take about so long. */
const plannedSeconds = { given: 80, self: 150 }
/** More than a machine of two processors does. */
const opsPerSecondMax = 5_000
const secondsMaxDefault = 290
/** How many times longer than planned many operations may take. */
const patience = 4
/** Of the time that was given; the rest is for what comes late. */
const workShare = 0.6

/** Throws `SP_OPTION_…` for what can not be meant. */
export function verifyOptions(flags: Flags): VerifyOptions {
  const isJson = flags.json === true
  const files = textsIn(flags, 'check')
  if (files.length > 0) return { mode: { kind: 'check', files }, isJson }
  const isSelf = flags.self === true
  const address = textsIn(flags, 'redis').at(0) ?? environment('REDIS_URL')
  if (isSelf && flags.redis !== undefined) throw invalid('self', 'not both --self and --redis')
  const planned = isSelf ? plannedSeconds.self : plannedSeconds.given
  const run = runMode(flags, planned)
  if (isSelf) return { mode: { kind: 'self', ...run }, isJson }
  if (address === undefined) {
    throw invalid('redis', 'an address, or --self for servers of its own, or --check FILE')
  }
  const withServerFaults = flags.serverFaults === true
  return { mode: { kind: 'given', address, withServerFaults, ...run }, isJson }
}

function runMode(flags: Flags, planned: number): RunMode {
  const operations = numberIn(flags, 'ops', operationsRange) ?? operationsDefault
  const seconds = numberIn(flags, 'seconds', secondsRange)
  // Over the time that the faults take, so that each meets operations; then there is some left.
  const faultSeconds = Math.min(planned, (seconds ?? planned) * workShare)
  const leastSeconds = operations / opsPerSecondMax
  const spreadSeconds = Math.max(faultSeconds, leastSeconds)
  return {
    processes: numberIn(flags, 'processes', processesRange) ?? processesDefault,
    operations,
    opsPerSecond: Math.ceil(operations / spreadSeconds),
    secondsMax: seconds ?? Math.max(secondsMaxDefault, leastSeconds * patience),
    historyFolder: textsIn(flags, 'history').at(0),
  }
}

interface Range {
  readonly min: number
  readonly max: number
}

function numberIn(flags: Flags, name: string, { min, max }: Range): number | undefined {
  const value = flags[name]
  if (value === undefined) return undefined
  if (Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max) {
    return Number(value)
  }
  throw invalid(name, `a whole number from ${min} to ${max}`, String(value))
}

/** A flag may be given several times. */
function textsIn(flags: Flags, name: string): readonly string[] {
  const value = flags[name]
  if (value === undefined) return []
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value]
  return texts.map((text) => {
    if (typeof text === 'string' && text !== '') return text
    throw invalid(name, 'a text behind it')
  })
}

function invalid(name: string, expected: string, received?: string): StaleproofError {
  const details = { expected, received }
  return new StaleproofError('SP_OPTION_INVALID', `verify: option '--${name}'`, details)
}
