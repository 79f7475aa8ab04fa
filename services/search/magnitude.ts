/** How much is traded in a market, as far as it orders equal matches. */

/** Digits of an amount: 0 below a dollar, 1 below ten, and so on. */
export function magnitudeOf(volume: number): number {
  return volume < 1 ? 0 : Math.floor(Math.log10(volume)) + 1
}
