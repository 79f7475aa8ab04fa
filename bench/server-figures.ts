/** What a Redis server says about its own work, between two looks. */
import { Redis } from 'ioredis'

export interface CommandFigures {
  readonly calls: number
  /** Time in the command itself, in microseconds. */
  readonly micros: number
}

export interface ServerFigures {
  readonly commands: ReadonlyMap<string, CommandFigures>
  /** Of the server process, user and system together, in microseconds. */
  readonly cpuMicros: number
  readonly bytesIn: number
}

export class ServerObserver {
  readonly #redis: Redis

  constructor(redisUrl: string) {
    this.#redis = new Redis(redisUrl)
  }

  /** For what the server is asked besides. */
  get redis(): Redis {
    return this.#redis
  }

  async look(): Promise<ServerFigures> {
    const [commands, cpu, stats] = await Promise.all([
      this.#redis.info('commandstats'),
      this.#redis.info('cpu'),
      this.#redis.info('stats'),
    ])
    const seconds = fieldOf(cpu, 'used_cpu_user') + fieldOf(cpu, 'used_cpu_sys')
    return {
      commands: commandsIn(commands),
      cpuMicros: seconds * 1e6,
      bytesIn: fieldOf(stats, 'total_net_input_bytes'),
    }
  }

  /** How often the server has read from a socket, this once included: the counter. */
  async socketReads(): Promise<number> {
    return fieldOf(await this.#redis.info('stats'), 'total_reads_processed')
  }

  /** Forgets the latencies seen so far. */
  async forget(): Promise<void> {
    await this.#redis.config('RESETSTAT')
  }

  /** Time in the command itself since `forget`, in microseconds; `share` such as p99. */
  async latencyMicros(command: string, share: 'p50' | 'p99'): Promise<number> {
    const text = await this.#redis.info('latencystats')
    const line = new RegExp(`^latency_percentiles_usec_${command}:.*\\b${share}=([\\d.]+)`, 'm')
    const [, micros] = line.exec(text) ?? []
    if (micros === undefined) throw new Error(`the server has no latency of ${command}`)
    return Number(micros)
  }

  close(): void {
    this.#redis.disconnect()
  }
}

/** What was called in between, other than looking. */
export function callsBetween(
  before: ServerFigures,
  after: ServerFigures,
): ReadonlyMap<string, number> {
  const calls = new Map<string, number>()
  for (const [name, figures] of after.commands) {
    const count = figures.calls - (before.commands.get(name)?.calls ?? 0)
    if (count > 0 && name !== 'info') calls.set(name, count)
  }
  return calls
}

/** Time in these commands, in microseconds. */
export function microsBetween(
  before: ServerFigures,
  after: ServerFigures,
  names: readonly string[],
): number {
  const microsIn = ({ commands }: ServerFigures) =>
    names.reduce((sum, name) => sum + (commands.get(name)?.micros ?? 0), 0)
  return microsIn(after) - microsIn(before)
}

function commandsIn(text: string): ReadonlyMap<string, CommandFigures> {
  const commands = new Map<string, CommandFigures>()
  for (const [, name = '', calls, micros] of text.matchAll(
    /^cmdstat_([^:]+):calls=(\d+),usec=(\d+)/gm,
  )) {
    commands.set(name, { calls: Number(calls), micros: Number(micros) })
  }
  return commands
}

function fieldOf(text: string, name: string): number {
  const [, value] = new RegExp(`^${name}:([\\d.]+)`, 'm').exec(text) ?? []
  if (value === undefined) throw new Error(`the server does not tell ${name}`)
  return Number(value)
}
