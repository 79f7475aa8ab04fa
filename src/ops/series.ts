/** What the elected process has noted once a minute, for charts. */
import { type HistorySeries, seriesOf } from '../observe/index.ts'
import type { Desk } from './desk.ts'
import { choiceParameter } from './query.ts'

const minuteMs = 60_000
const rangesMs = {
  '1h': 60 * minuteMs,
  '15m': 15 * minuteMs,
  '6h': 360 * minuteMs,
  '24h': 1_440 * minuteMs,
}

export async function seriesAnswer(
  { parts, history }: Desk,
  query: URLSearchParams,
): Promise<HistorySeries> {
  const rangeMs = rangesMs[choiceParameter(query, 'range', ['1h', '15m', '6h', '24h'])]
  const nowMs = parts.clock.wallMs()
  return seriesOf(await history.since(nowMs - rangeMs), { rangeMs, nowMs })
}
