/** The log of a service: one JSON object a line on standard output. */
import { type Logger, pino } from 'pino'

export type ServiceLogger = Logger

export function openLogger(service: string, level: string): ServiceLogger {
  return pino({ level, base: { service }, timestamp: pino.stdTimeFunctions.isoTime })
}

/** For tests and for callers that bring none. */
export function silentLogger(): ServiceLogger {
  return pino({ level: 'silent' })
}
