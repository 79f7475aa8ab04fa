/** What a client may do next, and how often of ten thousand. */
import { pick } from './chance.ts'

export type ReadMove = 'plain' | 'many' | 'strict' | 'fresh' | 'after'
export type InvalidateMove = 'key' | 'barrier' | 'tag' | 'family' | 'clear' | 'pattern'
export type Move = ReadMove | InvalidateMove | 'set' | 'mutate' | 'mutate or refuse'

/** Mostly reads, as with any cache; what empties much is rare, or nothing would be held. */
const shares: Readonly<Record<Move, number>> = {
  plain: 8_300,
  many: 300,
  strict: 400,
  fresh: 40,
  after: 250,
  key: 380,
  barrier: 20,
  tag: 50,
  family: 4,
  clear: 2,
  pattern: 4,
  set: 80,
  mutate: 90,
  'mutate or refuse': 80,
}

// The table has every move, so its names are all there are.
const names = Object.keys(shares) as readonly Move[]
const deck: readonly Move[] = names.flatMap((name) => Array<Move>(shares[name]).fill(name))

export function nextMove(): Move {
  return pick(deck)
}
