/** As much of a Redis as a reporter needs, in this process; it can be away. */
import { StaleproofError } from '../core/errors.ts'
import type { Answer, CommandLine } from '../inspect/index.ts'
import type { OpsNode } from './ops-connection.ts'
import type { OwnConnection } from './reporter.ts'

export class FakeBoard implements OwnConnection {
  readonly texts = new Map<string, string>()
  readonly members = new Set<string>()
  readonly samples: string[] = []
  info = 'used_memory:1024\r\nmaxmemory:4096\r\n'
  /** Undefined: it is a single server. */
  nodes: (() => Promise<readonly OpsNode[]>) | undefined
  isAway = false
  isClosed = false

  async pipeline(lines: readonly CommandLine[]): Promise<readonly Answer[]> {
    if (this.isAway) throw new StaleproofError('SP_REDIS_DOWN', 'it is away')
    return lines.map((line) => ({ reply: this.#run(line) }))
  }

  async primaries(): Promise<readonly OpsNode[] | undefined> {
    return this.nodes?.()
  }

  async close(): Promise<void> {
    this.isClosed = true
  }

  #run([command, key = '', ...args]: CommandLine): unknown {
    const name = String(key)
    switch (command) {
      case 'set':
        return this.texts.set(name, String(args[0])) && 'OK'
      case 'get':
        return this.texts.get(name) ?? null
      case 'del':
        return Number(this.texts.delete(name))
      case 'pttl':
        return 20_000
      case 'zadd':
        return this.members.add(String(args[1])).size
      case 'zrem':
        return Number(this.members.delete(String(args[0])))
      case 'zrevrangebyscore':
        return [...this.members].reverse()
      case 'xadd':
        return this.samples.push(String(args.at(-1)))
      case 'xrange':
        return this.samples.map((text, at) => [`${at}-0`, ['s', text]])
      case 'info':
        return this.info
      default:
        return 0
    }
  }
}
