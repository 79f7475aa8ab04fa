/**
 * Two snapshots of INFO and the time between them. A number that the server doesn't give is
 * missing, and what depends on it unknown; it is never taken for 0.
 */
import type { Info, KeyspaceRow } from '../inspect/index.ts'
import { Missing } from './missing.ts'

export class InfoWindow {
  readonly first: Info
  readonly last: Info
  readonly windowS: number

  constructor(first: Info, last: Info, windowS: number) {
    this.first = first
    this.last = last
    this.windowS = windowS
  }

  number(field: string): number {
    return known(this.last.number(field), field)
  }

  text(field: string): string {
    return known(this.last.text(field), field)
  }

  findNumber(field: string): number | undefined {
    return this.last.number(field)
  }

  findText(field: string): string | undefined {
    return this.last.text(field)
  }

  /** How much a counter has risen within the window. */
  delta(field: string): number {
    return known(this.findDelta(field), field)
  }

  /** Undefined also where it fell: the counters were reset in between. */
  findDelta(field: string): number | undefined {
    const before = this.first.number(field)
    const after = this.last.number(field)
    if (before === undefined || after === undefined || after < before) return undefined
    return after - before
  }

  /** The same for a second. */
  perS(field: string): number {
    return this.delta(field) / this.windowS
  }

  /** Of one core. */
  mainThreadShare(): number {
    return known(this.findMainThreadShare(), 'used_cpu_*_main_thread')
  }

  findMainThreadShare(): number | undefined {
    const userS = this.findDelta('used_cpu_user_main_thread')
    const systemS = this.findDelta('used_cpu_sys_main_thread')
    if (userS === undefined || systemS === undefined) return undefined
    return (userS + systemS) / this.windowS
  }

  /** Of all databases, at the end. */
  keyCounts(): Pick<KeyspaceRow, 'keys' | 'expires'> {
    const rows = this.last.keyspace()
    return {
      keys: rows.reduce((sum, { keys }) => sum + keys, 0),
      expires: rows.reduce((sum, { expires }) => sum + expires, 0),
    }
  }

  /** Calls of each command within the window. */
  calls(): ReadonlyMap<string, number> {
    return added(callsIn(this.first), callsIn(this.last))
  }

  /** Error replies of each kind within the window. */
  errors(): ReadonlyMap<string, number> {
    return added(this.first.errors(), this.last.errors())
  }
}

type Counts = ReadonlyMap<string, number>

function callsIn(info: Info): Counts {
  return new Map(info.commands().map(({ name, calls }) => [name, calls]))
}

function added(before: Counts, after: Counts): Counts {
  return new Map([...after].map(([name, count]) => [name, count - (before.get(name) ?? 0)]))
}

function known<T>(value: T | undefined, field: string): T {
  if (value === undefined) throw new Missing('unknown', `INFO does not give ${field}`)
  return value
}
