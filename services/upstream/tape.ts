// Orders the recorded quotes into frames: one frame holds what was sampled at about one moment.
import type { Frame, QuoteValues } from './market.ts'
import type { QuoteRow } from './recording.ts'

/** Samples of one round carry one timestamp, or a few that lie this close together. */
const FRAME_SPAN_MS = 1_000

/** The frames in the order of time; the last sample of a market within a frame counts. */
export function framesOf(rows: readonly QuoteRow[]): Frame[] {
  const frames: { atMs: number; quotes: Map<string, QuoteValues> }[] = []
  for (const row of [...rows].sort((a, b) => a.atMs - b.atMs)) {
    let frame = frames.at(-1)
    if (frame === undefined || row.atMs - frame.atMs > FRAME_SPAN_MS) {
      frame = { atMs: row.atMs, quotes: new Map() }
      frames.push(frame)
    }
    frame.quotes.set(row.slug, { bid: row.bid, ask: row.ask, volume24h: row.volume24h })
  }
  return frames
}
