/** A native Redis with a state of its own, and what the doctor says of it. */
import { Redis } from 'ioredis'
import { type DoctorOptions, type DoctorReport, runDoctor } from 'staleproof/doctor'
import { startRedis, type TestRedis } from '../servers/redis.ts'

/** What they judge is how busy the machine is, or the version that happens to be installed. */
export const ofTheMachine: readonly string[] = [
  'LAT02',
  'LAT03',
  'LAT04',
  'LAT06',
  'MEM05',
  'SEC02',
]

export interface Patient {
  readonly redis: TestRedis
  /** Named, so that it stands out in no list of clients. */
  readonly client: Redis
  /** Ends it, and every connection that was opened by it. */
  stop(): Promise<void>
  /** Another connection; without a name it has none. */
  connect(name?: string): Redis
}

export async function admit(args: readonly string[] = []): Promise<Patient> {
  // A busy machine makes anything slow, and it would stand in the log.
  const redis = await startRedis({ args: ['--slowlog-log-slower-than', '1000000', ...args] })
  const opened: Redis[] = []
  const connect = (connectionName?: string): Redis => {
    const name = connectionName === undefined ? {} : { connectionName }
    // What it says of itself is an error to this server, and would be counted.
    const client = new Redis(redis.url, { ...name, disableClientInfo: true })
    client.on('error', () => {})
    opened.push(client)
    return client
  }
  const client = connect('app')
  await client.ping()
  return {
    redis,
    client,
    connect,
    async stop() {
      for (const one of opened) one.disconnect()
      await redis.stop()
    },
  }
}

export function examine(url: string, options: Partial<DoctorOptions> = {}): Promise<DoctorReport> {
  return runDoctor({ redis: url, window: '1s', skip: ofTheMachine, ...options })
}

/** `MEM01 crit`, `CMD01 crit keys`: everything that is worth telling, by id. */
export function toldBy({ findings }: DoctorReport): readonly string[] {
  const told = findings.filter(({ status }) => ['info', 'warn', 'crit'].includes(status))
  return told
    .map(({ id, status, subject }) => [id, status, subject].filter(Boolean).join(' '))
    .sort()
}
