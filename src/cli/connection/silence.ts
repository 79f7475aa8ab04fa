/** What could not be asked while other things could. */
import { isStaleproofError } from '../../core/errors.ts'

export interface Silence {
  /**
   * `server`: what a node says of itself; `processes`: what all of them publish;
   * `invalidations`: those of the partitions of a node.
   */
  readonly what: 'server' | 'processes' | 'invalidations'
  /** Its address. */
  readonly node: string
  readonly reason: string
}

/** Of a fault, in a few words. */
export function reasonOf(error: unknown): string {
  if (isStaleproofError(error)) return error.received ?? error.message.replace(/^SP_\w+: /, '')
  return error instanceof Error ? error.message : String(error)
}
