/** The lines above the table: the server, how the cache does, and what could not be asked. */

import { printable } from '../../base/printable.ts'
import { sumOver } from '../../inspect/index.ts'
import { worstLatency } from '../../observe/index.ts'
import { shareText, shortCount, sizeText, timeText } from '../amounts.ts'
import { widthOf } from '../text-width.ts'
import type { Line, Span, Style } from './frame.ts'
import type { Sight } from './sight.ts'
import type { Snapshot } from './snapshot.ts'
import type { ViewState } from './view-state.ts'

const bars = '▁▂▃▄▅▆▇█'
const ratiosShown = 8
const memoryHigh = 0.9
const hour = 3_600

export interface Heading {
  readonly namespace: string
  /** Why the last reading failed. */
  readonly problem: string | undefined
}

/** All that is shown of a moment, and how. */
export interface Shown {
  readonly sight: Sight
  readonly heading: Heading
  readonly state: ViewState
}

export function headerLines({ sight, heading, state }: Shown, columns: number): readonly Line[] {
  const { last } = sight
  const { namespace, problem } = heading
  const right = rightOf(state, problem)
  const parts = last === undefined ? ['reading…'] : serverParts(last)
  const room = columns - widthOf(right.text) - 3
  const text = ` ${joined([namespace, ...parts].map(printable), room)}`
  const space = ' '.repeat(Math.max(1, columns - widthOf(text) - widthOf(right.text) - 1))
  return [
    [{ text, style: 'bold' }, { text: space }, right],
    last === undefined ? [] : cacheLine(sight, last, columns),
    last === undefined ? [] : silenceLine(last),
  ]
}

/** Of each node once; empty where all answer. */
function silenceLine({ unasked }: Snapshot): Line {
  const reasons = new Map<string, { readonly what: string[]; readonly reason: string }>()
  for (const { what, node, reason } of unasked) {
    const known = reasons.get(node) ?? { what: [], reason }
    known.what.push(what)
    reasons.set(node, known)
  }
  if (reasons.size === 0) return []
  const texts = [...reasons].map(([node, { what, reason }]) => {
    return `${node} (${what.join(', ')}): ${reason}`
  })
  return [{ text: printable(` ✗ no answer from ${texts.join('; ')}`), style: 'red' }]
}

function rightOf({ isPaused, intervalMs }: ViewState, problem: string | undefined): Span {
  if (problem !== undefined) return { text: printable(`✗ ${problem}`).slice(0, 40), style: 'red' }
  if (isPaused) return { text: '‖ paused  ? help', style: 'yellow' }
  return { text: `● ${timeText(intervalMs)}  q quit  ? help`, style: 'green' }
}

/** What comes first matters most; what has no room is left out. */
function joined(parts: readonly string[], room: number): string {
  let text = parts[0] ?? ''
  for (const part of parts.slice(1)) {
    if (widthOf(text) + widthOf(part) + 3 > room) break
    text += ` · ${part}`
  }
  return text
}

/** Of a cluster of all primaries together. */
function serverParts({ infos }: Snapshot): readonly string[] {
  if (infos.length === 0) return ['no answer']
  const text = (field: string) => infos[0]?.text(field)
  const valkey = text('valkey_version')
  const used = sumOver(infos, 'used_memory') ?? 0
  const isBounded = infos.every((info) => (info.number('maxmemory') ?? 0) > 0)
  const max = isBounded ? (sumOver(infos, 'maxmemory') ?? 0) : 0
  const share = max > 0 ? `/${sizeText(max)} (${Math.round((used / max) * 100)} %)` : ''
  const clients = sumOver(infos, 'connected_clients')
  const clientsMax = sumOver(infos, 'maxclients')
  const upS = Math.min(...infos.map((info) => info.number('uptime_in_seconds') ?? 0))
  return [
    valkey === undefined ? `redis ${text('redis_version') ?? '?'}` : `valkey ${valkey}`,
    infos.length > 1 ? `${infos.length} nodes` : '',
    `${sizeText(used)}${share}`,
    text('maxmemory_policy') ?? '',
    `${clients ?? '?'}${clientsMax === undefined ? '' : `/${clientsMax}`} conn`,
    `up ${timeText(upS * 1_000)}`,
  ].filter((part) => part !== '')
}

function cacheLine(sight: Sight, last: Snapshot, columns: number): Line {
  if (last.processes === undefined) return [{ text: ' processes not known', style: 'red' }]
  const fleet = (last.processes ?? []).map(({ facts }) => facts)
  const { now, always } = sight.all
  const ops = sumOver(last.infos, 'instantaneous_ops_per_sec') ?? 0
  const latency = worstLatency(fleet.map(({ redisLatency }) => redisLatency))
  const evictions = sight.perSecond(({ infos }) => sumOver(infos, 'evicted_keys'))
  const stale = fleet.reduce((sum, { stats }) => {
    return sum + Object.values(stats.coherence.staleReads).reduce((all, count) => all + count, 0)
  }, 0)
  const open = fleet
    .flatMap(({ stats }) => Object.values(stats.breakers))
    .filter((one) => one.state !== 'closed')
  const worst = worstHealth(sight)
  const evicting = (evictions ?? 0) > 0 ? 'yellow' : 'plain'
  const spans: Line = [
    { text: ` ${worst}`, style: worst === 'ok' ? 'green' : 'red' },
    { text: `  hit ${shareText(now?.hitRatio ?? always.hitRatio)} ` },
    { text: sparkline(sight.hitRatios), style: 'green' },
    { text: `  ops ${shortCount(ops)}/s` },
    ...memoryWarning(last),
    figure('stale', String(stale), stale > 0 ? 'red' : 'plain'),
    figure(
      'breakers',
      open.length === 0 ? 'closed' : `${open.length} open`,
      open.length === 0 ? 'plain' : 'red',
    ),
    figure('evict', `${shortCount((evictions ?? 0) * hour)}/h`, evicting),
    { text: `  p95 ${timeText(latency.p95Ms)}` },
  ]
  return fitting(spans, columns)
}

/** Those that fit whole, of what comes first. */
function fitting(spans: Line, columns: number): Line {
  let used = 0
  return spans.filter(({ text }) => {
    used += widthOf(text)
    return used <= columns
  })
}

function figure(name: string, value: string, style: Style): Span {
  return { text: `  ${name} ${value}`, style }
}

function worstHealth({ last }: Sight): string {
  const states = (last?.processes ?? []).map(({ facts }) => facts.health.state)
  if (states.length === 0) return 'no process'
  return (['down-to-source', 'degraded'] as const).find((state) => states.includes(state)) ?? 'ok'
}

/** A node evicts when it is full itself, whatever room the others have. */
function memoryWarning({ infos }: Snapshot): Line {
  const isFull = infos.some((info) => {
    const [used, max] = [info.number('used_memory') ?? 0, info.number('maxmemory') ?? 0]
    return max > 0 && used / max > memoryHigh
  })
  return isFull ? [{ text: '  memory nearly full', style: 'red' }] : []
}

/** The last few, from 0 to 1; where nothing was read there is a gap. */
export function sparkline(ratios: readonly (number | undefined)[]): string {
  return ratios
    .slice(-ratiosShown)
    .map((ratio) => (ratio === undefined ? ' ' : bars.charAt(Math.min(7, Math.floor(ratio * 8)))))
    .join('')
}
