/** Colours, where they are wanted. */
import { styleText } from 'node:util'
import { environment } from '../system.ts'

export type Colour = 'green' | 'red' | 'yellow' | 'bold' | 'dim'
export type Paint = (colour: Colour, text: string) => string

/** Only for a terminal that shows them, and nobody who asked for none. */
export function paintFor(stream: { readonly isTTY?: boolean }): Paint {
  const isPlain = environment('NO_COLOR') !== undefined || environment('TERM') === 'dumb'
  if (stream.isTTY !== true || isPlain) return (_colour, text) => text
  return (colour, text) => styleText(colour, text, { validateStream: false })
}
