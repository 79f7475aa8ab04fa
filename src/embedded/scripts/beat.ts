/** A process shows that it lives; see `redis/scripts/beat.ts`. The echo is the caller's. */
import type { BeatRequest, Counted } from '../../core/contracts/store.ts'
import type { Partition, Step } from '../partition.ts'

export interface Beaten extends Counted {
  readonly settings: string
  readonly birth: string
  readonly serverMs: number
}

export function beat(step: Step, request: BeatRequest): Beaten {
  const birth = register(step, request)
  const fields = fieldsOf(step.partition)
  const settings = settle(fields, request)
  const epoch = fields.get('#e') || undefined
  const seq = epoch === undefined ? undefined : wholeOf(fields.get('#s') ?? '0')
  return { epoch, seq, settings, birth, serverMs: step.nowMs }
}

function register({ partition, nowMs }: Step, request: BeatRequest): string {
  const { registry } = partition
  for (const [name, { untilMs }] of registry.members) {
    if (untilMs >= nowMs) continue
    registry.members.delete(name)
    // He may have died, or the clock has stepped and he lives.
    registry.birth = undefined
  }
  const { process, trustMs, registryMs } = request
  const name = `${trustMs}|${process}`
  const untilMs = Math.floor(nowMs + registryMs)
  if (registryMs > 0) registry.members.set(name, { untilMs, member: { process, trustMs } })
  else registry.members.delete(name)
  registry.birth ??= request.nonce
  return registry.birth
}

/** A record that isn't ours is begun anew. */
function fieldsOf(partition: Partition): Map<string, string> {
  if (partition.record === undefined || partition.record === 'foreign') partition.record = new Map()
  return partition.record
}

/** Settings of the higher wire version stand, then those of the newer process. */
function settle(fields: Map<string, string>, { settings, isFirst }: BeatRequest): string {
  const found = fields.get('#w')
  const [wire, ours] = [wireOf(found), wireOf(settings) ?? 0]
  const stands = wire !== undefined && (wire > ours || (wire === ours && !isFirst))
  if (found !== undefined && stands) return found
  fields.set('#w', settings)
  return settings
}

function wireOf(settings: string | undefined): number | undefined {
  const text = settings === undefined ? undefined : /^(\d+)\|/.exec(settings)?.[1]
  return text === undefined ? undefined : Number(text)
}

function wholeOf(text: string): number | undefined {
  return /^\d{1,16}$/.test(text) ? Number(text) : undefined
}
