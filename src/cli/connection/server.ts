/** The Redis that a command looks at, for as long as it does. */
import {
  allowedCommands,
  type Inspection,
  nodeOfKey,
  numberOf,
  openInspection,
} from '../../inspect/index.ts'
import type { Call } from '../command.ts'
import { textIn } from '../flags.ts'
import { redisAddress } from './address.ts'
import { namespaceOn } from './namespaces.ts'

export interface Server {
  /** Of a cluster to the node of partition 0, where processes publish. */
  readonly inspection: Inspection
  readonly namespace: string
}

/** What the command reads besides what `doctor` does; nothing here writes either. */
const alsoAllowed = ['hmget', 'strlen', 'time']

/** Rejects with `SP_REDIS_DOWN` and the likely cause, or `SP_OPTION_INVALID`. */
export async function withServer<T>(
  { flags }: Pick<Call, 'flags'>,
  work: (server: Server) => Promise<T>,
): Promise<T> {
  const inspection = await openInspection(redisAddress(flags), {
    name: 'staleproof-command',
    allowed: [...allowedCommands, ...alsoAllowed],
    noTouch: true,
  })
  try {
    const namespace = await namespaceOn(inspection, textIn(flags, 'namespace'))
    const home = await nodeOfKey(inspection, `{${namespace}:0}:m`)
    return await work({ inspection: home, namespace })
  } finally {
    await inspection.close()
  }
}

/** As the server's clock has it. */
export async function serverMsOf(inspection: Inspection): Promise<number> {
  const reply = await inspection.call('time')
  const [seconds, micros] = Array.isArray(reply) ? reply : []
  return (numberOf(seconds) ?? 0) * 1_000 + (numberOf(micros) ?? 0) / 1_000
}
