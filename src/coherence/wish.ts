/**
 * Something to be invalidated in one partition: a key, a tag (a family is one too), or
 * everything. Two wishes for the same thing become one that asks for as much as both.
 */
import type { InvalidateAsk, Settle } from '../core/contracts/store.ts'
import { decodeTag, isFamilyTag } from '../core/tag.ts'

/** Tags are encoded, as in messages. */
export type Wish =
  | { readonly kind: 'key'; readonly ask: InvalidateAsk }
  | { readonly kind: 'tag'; readonly tag: string }
  | { readonly kind: 'floor' }

/** Said in this order: what is wide spares what is narrow nothing, but is said at once. */
export const wishKinds: readonly Wish['kind'][] = ['floor', 'tag', 'key']

const tagWord = 'tag:'
/** Quarantines that one wish releases; those beyond run out by themselves. */
export const tokensMax = 100

/**
 * Tells wishes of one kind apart. A wish that leaves values of a high order is another one
 * than a plain one of the same key: merged, either would ask for less than both.
 */
export function idOfWish(wish: Wish): string {
  if (wish.kind === 'key') return wish.ask.order === '' ? wish.ask.key : orderedId(wish.ask.key)
  return wish.kind === 'tag' ? wish.tag : ''
}

/** Of a wish that leaves a floor; key texts have no spaces. */
export function orderedId(key: string): string {
  return `${key} ordered`
}

/** For people: the key text, `tag:user:7`, `family:market`, or `*`. */
export function nameOfWish(wish: Wish): string {
  if (wish.kind === 'key') return wish.ask.key
  if (wish.kind === 'floor') return '*'
  return isFamilyTag(wish.tag) ? decodeTag(wish.tag) : `${tagWord}${decodeTag(wish.tag)}`
}

/** For observers, each once: tags that users gave as they gave them, all else by its name. */
export function wishesInWords(wishes: readonly Wish[]): {
  readonly keys: readonly string[]
  readonly tags: readonly string[]
} {
  const [keys, tags] = [new Set<string>(), new Set<string>()]
  for (const wish of wishes) {
    const name = nameOfWish(wish)
    if (name.startsWith(tagWord) && wish.kind === 'tag') tags.add(name.slice(tagWord.length))
    else keys.add(name)
  }
  return { keys: [...keys], tags: [...tags] }
}

/** Of two wishes with the same id. */
export function mergeWishes(known: Wish, wish: Wish): Wish {
  if (known.kind !== 'key' || wish.kind !== 'key') return wish
  return { kind: 'key', ask: mergeAsks(known.ask, wish.ask) }
}

function mergeAsks(a: InvalidateAsk, b: InvalidateAsk): InvalidateAsk {
  return {
    key: a.key,
    order: maximum(a.order, b.order),
    keepsOrder: a.keepsOrder || b.keepsOrder,
    floorMs: Math.max(a.floorMs, b.floorMs),
    tokens: [...new Set([...a.tokens, ...b.tokens])].slice(-tokensMax),
    settle: longer(a.settle, b.settle),
  }
}

function longer(a: Settle | undefined, b: Settle | undefined): Settle | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return b.ms > a.ms ? b : a
}

function maximum(a: string, b: string): string {
  return a > b ? a : b
}
