/** The Redis that a command looks at, for as long as it does. */
import {
  allowedCommands,
  type Inspection,
  nodeOfKey,
  numberOf,
  openInspection,
} from '../../inspect/index.ts'
import type { Call, Flags } from '../command.ts'
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
export function withServer<T>(
  { flags }: Pick<Call, 'flags'>,
  work: (server: Server) => Promise<T>,
): Promise<T> {
  return withInspection(flags, async (inspection) => {
    const namespace = await namespaceOn(inspection, textIn(flags, 'namespace'))
    return work({ inspection: await homeOf(inspection, namespace), namespace })
  })
}

/** The same without a cache being looked for: any node that answers will do. */
export async function withInspection<T>(
  flags: Flags,
  work: (inspection: Inspection) => Promise<T>,
): Promise<T> {
  const inspection = await openInspection(redisAddress(flags), {
    name: 'staleproof-command',
    allowed: [...allowedCommands, ...alsoAllowed],
    noTouch: true,
  })
  try {
    return await work(inspection)
  } finally {
    await inspection.close()
  }
}

/** Where processes publish and agree, as any node says. */
export function homeOf(inspection: Inspection, namespace: string): Promise<Inspection> {
  return nodeOfKey(inspection, `{${namespace}:0}:m`)
}

/** As the server's clock has it. */
export async function serverMsOf(inspection: Inspection): Promise<number> {
  const reply = await inspection.call('time')
  const [seconds, micros] = Array.isArray(reply) ? reply : []
  return (numberOf(seconds) ?? 0) * 1_000 + (numberOf(micros) ?? 0) / 1_000
}
