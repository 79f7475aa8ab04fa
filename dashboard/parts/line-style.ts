/** How the lines of a chart are told apart, in the drawing and below it: sixteen differ. */

export interface LineStyle {
  /** Of the tokens. */
  readonly colour: string
  readonly dash: readonly number[]
}

const colours = 4
const dashes: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [10, 3, 2, 3]]

/** The first four differ by both, so that no colour is needed to read them. */
export function lineStyle(place: number): LineStyle {
  const round = Math.floor(place / colours)
  const dash = dashes[(place + round) % dashes.length] ?? []
  return { colour: `--series-${(place % colours) + 1}`, dash }
}
