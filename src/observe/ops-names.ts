/**
 * Names of what is kept in Redis for operations. All of it has an end of its own, and lies
 * beside partition 0, whose hash tag is the same however many partitions there are.
 */

export interface OpsNames {
  /** In front of a process: what it publishes. */
  readonly facts: string
  /** Processes by the time at which what they publish ends. */
  readonly index: string
  /** A stream of samples, one a minute. */
  readonly history: string
  /** A stream of what operators did. */
  readonly audit: string
  /** The last report of `doctor`. */
  readonly doctor: string
}

export function opsNames(namespace: string): OpsNames {
  const head = `{${namespace}:0}:o:`
  return {
    facts: `${head}p:`,
    index: `${head}index`,
    history: `${head}history`,
    audit: `${head}audit`,
    doctor: `${head}doctor`,
  }
}

/** What who reads facts and history sends. */
export const readerCommands: readonly string[] = ['get', 'pttl', 'xrange', 'zrevrangebyscore']

/** What a process that publishes sends besides: to the keys above, and for how the nodes are. */
export const reporterCommands: readonly string[] = [
  ...readerCommands,
  ...['client|setinfo', 'client|setname', 'cluster|nodes', 'del', 'info', 'pexpire', 'set'],
  ...['xadd', 'zadd', 'zrem', 'zremrangebyscore'],
]
