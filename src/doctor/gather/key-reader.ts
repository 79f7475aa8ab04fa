/**
 * What is asked of sampled keys. MEMORY USAGE counts strings exactly and moves no clock of
 * eviction; lengths, which do where the server is older than 7.2, are asked of large
 * collections alone.
 */
import {
  type Answer,
  type CommandLine,
  type Inspection,
  numberOf,
  pipelineMax,
  textOf,
} from '../../inspect/index.ts'
import { nameCharsMax, roleOf, type SampledKey } from '../key-sample.ts'

/** Smaller collections have fewer elements than any bound. */
const largeBytes = 32_768
const headBytes = 64
/** Of one character in UTF-8, at most. */
const bytesPerChar = 4

const lengthBy: Readonly<Record<string, string>> = {
  hash: 'hlen',
  list: 'llen',
  set: 'scard',
  zset: 'zcard',
  stream: 'xlen',
}

export interface KeyReading {
  readonly inspection: Inspection
  /** OBJECT FREQ is known under an LFU policy only. */
  readonly withFrequency: boolean
  /** Since sampling began. */
  readonly elapsedMs: number
}

/** As many keys as one pipeline can ask about. */
export function keysPerPipeline({ withFrequency }: Pick<KeyReading, 'withFrequency'>): number {
  return Math.floor(pipelineMax / (withFrequency ? 4 : 3))
}

/** Keys that have gone meanwhile are left out. */
export async function readKeys(
  names: readonly Buffer[],
  reading: KeyReading,
): Promise<readonly ReadKey[]> {
  const lines = names.flatMap((name) => linesFor(name, reading.withFrequency))
  const answers = await reading.inspection.pipeline(lines)
  const each = lines.length / Math.max(1, names.length)
  const keys = names.flatMap((name, at) => {
    const key = keyOf(name, answers.slice(at * each, (at + 1) * each), reading.elapsedMs)
    return key === undefined ? [] : [{ name, key }]
  })
  return withLengths(keys, reading.inspection)
}

export interface ReadKey {
  readonly name: Buffer
  readonly key: SampledKey
}

/** The first bytes of strings, as Latin-1. */
export async function readHeads(
  keys: readonly ReadKey[],
  inspection: Inspection,
): Promise<ReadonlyMap<SampledKey, string>> {
  const heads = new Map<SampledKey, string>()
  for (let at = 0; at < keys.length; at += pipelineMax) {
    const some = keys.slice(at, at + pipelineMax)
    const lines = some.map(({ name }): CommandLine => ['getrange', name, 0, headBytes - 1])
    const answers = await inspection.pipelineBytes(lines)
    for (const [index, { key }] of some.entries()) {
      const answer = answers[index]
      if (answer === undefined || 'error' in answer) continue
      if (Buffer.isBuffer(answer.reply)) heads.set(key, answer.reply.toString('latin1'))
    }
  }
  return heads
}

function linesFor(name: Buffer, withFrequency: boolean): readonly CommandLine[] {
  const lines: CommandLine[] = [
    ['type', name],
    ['pttl', name],
    ['memory', 'usage', name, 'samples', 5],
  ]
  return withFrequency ? [...lines, ['object', 'freq', name]] : lines
}

function keyOf(
  name: Buffer,
  answers: readonly Answer[],
  elapsedMs: number,
): SampledKey | undefined {
  const [type, pttl, bytes] = answers.slice(0, 3).map(needed)
  const ttl = numberOf(pttl)
  const size = numberOf(bytes)
  if (ttl === undefined || ttl === -2 || size === undefined) return undefined
  const freq = answers[3]
  const ttlMs = ttl < 0 ? undefined : ttl
  const text = name.toString('utf8', 0, bytesPerChar * nameCharsMax).slice(0, nameCharsMax)
  return {
    name: text,
    nameBytes: name.length,
    ...roleOf(text),
    type: textOf(type) ?? 'none',
    ttlMs,
    endsMs: ttlMs === undefined ? undefined : ttlMs + elapsedMs,
    bytes: size,
    elements: undefined,
    frequency: freq && 'reply' in freq ? numberOf(freq.reply) : undefined,
    head: undefined,
  }
}

/** A server that refuses one of these gives no sample. */
function needed(answer: Answer): unknown {
  if ('error' in answer) throw answer.error
  return answer.reply
}

async function withLengths(
  keys: readonly ReadKey[],
  inspection: Inspection,
): Promise<readonly ReadKey[]> {
  const large = keys.filter(({ key }) => key.bytes > largeBytes && lengthBy[key.type])
  if (large.length === 0) return keys
  const lines = large.map(({ name, key }): CommandLine => [lengthBy[key.type] ?? '', name])
  const answers = await inspection.pipeline(lines)
  const lengths = new Map(large.map(({ key }, at) => [key, answers[at]]))
  return keys.map(({ name, key }) => {
    const answer = lengths.get(key)
    if (answer === undefined || 'error' in answer) return { name, key }
    return { name, key: { ...key, elements: numberOf(answer.reply) } }
  })
}
