/** Parts of KEY05: heat as the server itself counts it, by key or by slot. */
import { info as note, rounded, unknown, type Verdict } from '../../check.ts'
import type { Facts, SlotUse } from '../../facts.ts'
import { nameCharsMax } from '../../key-sample.ts'
import { keysBySlot } from '../../key-slots.ts'

/** Of a core: a part of less is no load. */
const busyShareMin = 0.1
const notKnown = 'not known'

/** By HOTKEYS; undefined: there was no session. */
export function heatByKey(facts: Facts): readonly Verdict[] | undefined {
  const session = facts.find('hotKeys')
  if (session === undefined) return refusalOf(facts, 'hotKeys')
  const { sampleRatio = notKnown, startedMs = notKnown, durationMs } = session
  if (session.cpuUs === undefined || durationMs === undefined || durationMs <= 0) {
    return [unknown('HOTKEYS does not tell how long and how busy the server was')]
  }
  if (session.cpuUs < durationMs * 1_000 * busyShareMin) return []
  const title = 'A single key takes a large part of the server'
  const since = { sampleRatio, startedMs, durationMs }
  return session.keys.flatMap(({ name, cpuUs, netBytes }): readonly Verdict[] => {
    const cpuPercent = percentOf(cpuUs, session.cpuUs)
    const netPercent = percentOf(netBytes, session.netBytes)
    const status = heatLevel(Math.max(cpuPercent ?? 0, netPercent ?? 0))
    if (status === 'ok') return []
    const parts = { cpuPercent: cpuPercent ?? notKnown, netPercent: netPercent ?? notKnown }
    const subject = name.slice(0, nameCharsMax)
    return [{ status, values: { ...parts, ...since }, subject, title }]
  })
}

/**
 * By CLUSTER SLOT-STATS; undefined: the server does not count. A slot of one key is that key;
 * which key of several it is nobody knows. A cache of this library has its slots by design.
 */
export function heatBySlot(facts: Facts): readonly Verdict[] | undefined {
  const slots = facts.find('slotUse')
  if (slots === undefined) return refusalOf(facts, 'slotUse')
  const window = facts.need('info')
  const busyShare = window.findMainThreadShare()
  if (busyShare === undefined) return [unknown('INFO does not give used_cpu_*_main_thread')]
  if (busyShare < busyShareMin) return []
  const sampled = keysBySlot(facts.find('sample')?.keys ?? [])
  return slots.flatMap(({ slot, keys, cpuUs: used }: SlotUse): readonly Verdict[] => {
    const known = sampled.get(slot) ?? []
    const cpuPercent = rounded((100 * used) / (busyShare * window.windowS * 1e6), 1)
    const status = heatLevel(cpuPercent)
    if (status === 'ok' || known.some(({ role }) => role !== 'other')) return []
    const values = { cpuPercent, slot, keys }
    if (keys === 1) return [{ status, values, subject: known[0]?.name ?? `slot ${slot}` }]
    const title = 'A hash slot takes a large part of the server'
    return status === 'crit' ? [note(values, { subject: `slot ${slot}`, title })] : []
  })
}

/** Where something else is known it would look as if all was well. */
function refusalOf(facts: Facts, name: 'hotKeys' | 'slotUse'): readonly Verdict[] | undefined {
  const refusal = facts.refusal(name)
  return refusal === undefined ? undefined : [unknown(refusal)]
}

/** Of all reads, or of what the server does: the bounds of KEY05. */
export function heatLevel(percent: number): 'ok' | 'warn' | 'crit' {
  if (percent > 20) return 'crit'
  return percent > 5 ? 'warn' : 'ok'
}

function percentOf(part: number | undefined, whole: number | undefined): number | undefined {
  return part === undefined || !whole ? undefined : rounded((100 * part) / whole, 1)
}
