/**
 * The log of a service: one JSON object a line on standard output. Of an error it says what it was
 * and where, and nothing that was worked with: no token, and no parameter of a statement.
 */
import { type DestinationStream, type Logger, pino } from 'pino'
import { errorFacts } from './error-facts.ts'

export type ServiceLogger = Logger

export function openLogger(
  service: string,
  level: string,
  destination: DestinationStream = pino.destination(1),
): ServiceLogger {
  const serializers = { err: errorFacts, error: errorFacts }
  const timestamp = pino.stdTimeFunctions.isoTime
  return pino({ level, base: { service }, timestamp, serializers }, destination)
}

/** For tests and for callers that bring none. */
export function silentLogger(): ServiceLogger {
  return pino({ level: 'silent' })
}
