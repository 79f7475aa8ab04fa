/** What the processes of a cache have agreed on. A cache that the command opens must not differ. */
import { StaleproofError } from '../../core/errors.ts'
import { wireVersion } from '../../core/slot.ts'
import { isCluster, textOf } from '../../inspect/index.ts'
import type { Server } from './server.ts'

/** As options of `openCache`; empty where no process has been there yet. */
export interface Agreed {
  readonly partitions?: number
  readonly trust?: number
}

/** Rejects with `SP_WIRE_MISMATCH`: an older or newer command would cost them their trust. */
export async function agreedOn({ inspection, namespace }: Server): Promise<Agreed> {
  const reply = await inspection.call('hmget', `{${namespace}:0}:m`, '#w')
  const settings = textOf(Array.isArray(reply) ? reply[0] : undefined)
  if (settings === undefined || settings === '') return {}
  const [wire, partitions, trustMs] = settings.split('|')
  if (wire === wireVersion) return { partitions: Number(partitions), trust: Number(trustMs) }
  throw new StaleproofError('SP_WIRE_MISMATCH', 'the processes speak another version', {
    expected: `wire version ${wireVersion}, as this command does`,
    received: settings,
  })
}

/** What `openCache` is given to be one of them, by the address of the server or of any node. */
export interface Joining extends Agreed {
  readonly redis: string | { readonly cluster: readonly string[] }
  readonly namespace: string
}

export async function joining(server: Server, address: string): Promise<Joining> {
  const redis = (await isCluster(server.inspection)) ? { cluster: [address] } : address
  return { redis, namespace: server.namespace, ...(await agreedOn(server)) }
}
