/** The stream of samples in Redis: one a minute for a day, and gone an hour after the last. */
import { isNumber, type JsonCheck, mapOf, shapeOf } from '../../base/json-shape.ts'
import { type OpsConnection, runAll } from '../ops-connection.ts'
import { opsNames } from '../ops-names.ts'
import type { HistorySample } from './history-sample.ts'

/** How often a sample is written. */
export const stepMs = 60_000
/** A day of them. */
export const samplesMax = 1_440
/** A sample may have 8 KB: no reply holds up what else a connection or the server has to do. */
const samplesPerRequest = 100
const historyTtlMs = 25 * 3_600_000
/** Of one sample, in characters: some hundred families; one with more goes without them. */
const sampleCharsMax = 8_192

export async function writeSample(
  connection: OpsConnection,
  namespace: string,
  sample: HistorySample,
): Promise<void> {
  const { history } = opsNames(namespace)
  const text = JSON.stringify(sample)
  const bounded = text.length <= sampleCharsMax ? text : JSON.stringify({ ...sample, families: {} })
  await runAll(connection, [
    ['xadd', history, 'MAXLEN', '~', samplesMax, '*', 's', bounded],
    ['pexpire', history, historyTtlMs],
  ])
}

const cluster = shapeOf({ nodes: mapOf(mapOf(isNumber)), omitted: isNumber })
const clusterIfAny: JsonCheck = (found) => found === undefined || cluster(found)

/** What another version, or nobody of ours, has left is none. */
const sample = shapeOf({
  ...{ atMs: isNumber, stepMs: isNumber, cluster: clusterIfAny },
  ...{ counts: mapOf(isNumber), families: mapOf(isNumber), server: mapOf(isNumber) },
})

/** Oldest first; rejects with the error of the connection. */
export async function readHistory(
  connection: OpsConnection,
  namespace: string,
  sinceMs = 0,
): Promise<readonly HistorySample[]> {
  const { history } = opsNames(namespace)
  const samples: HistorySample[] = []
  let from = String(Math.max(0, Math.floor(sinceMs)))
  for (let read = 0; read < 2 * samplesMax; read += samplesPerRequest) {
    const line = ['xrange', history, from, '+', 'COUNT', samplesPerRequest] as const
    const [reply] = await runAll(connection, [line])
    const rows: readonly unknown[] = Array.isArray(reply) ? reply : []
    samples.push(...rows.flatMap((row) => sampleIn(row) ?? []))
    const last = rows.at(-1)
    if (rows.length < samplesPerRequest || !Array.isArray(last)) break
    from = `(${last[0]}`
  }
  return samples
}

/** `[id, ['s', text]]` */
function sampleIn(row: unknown): HistorySample | undefined {
  if (!Array.isArray(row) || !Array.isArray(row[1])) return undefined
  const text: unknown = row[1][1]
  try {
    const found: unknown = typeof text === 'string' ? JSON.parse(text) : undefined
    return isSample(found) ? found : undefined
  } catch {
    return undefined
  }
}

function isSample(found: unknown): found is HistorySample {
  return sample(found)
}
