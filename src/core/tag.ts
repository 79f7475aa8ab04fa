/**
 * Tags as they stand in slots, messages and the group clocks of Redis: encoded, so that
 * they contain no separator. The implicit tag of a family opens with `_`, which no
 * encoded text contains, so it can't be taken for a tag of a user.
 */
import { decodePercent, encodePercent } from '../base/percent.ts'
import { describe } from './describe.ts'
import { StaleproofError } from './errors.ts'

/** Bounds in encoded bytes, of one tag and of a value's: they stand in the head of its slot. */
const TAG_BYTES_MAX = 256
const TAGS_BYTES_MAX = 2_560
const TAGS_MAX = 64
/** Encoded text never opens with it. */
const FAMILY_MARK = '_'

/** Throws `SP_OPTION_INVALID`. */
export function encodeTag(tag: unknown): string {
  const encoded = typeof tag === 'string' && tag !== '' ? encodePercent(tag) : undefined
  if (encoded !== undefined && encoded.length <= TAG_BYTES_MAX) return encoded
  throw new StaleproofError('SP_OPTION_INVALID', 'A tag cannot be used', {
    expected: `well-formed text of 1 to ${TAG_BYTES_MAX} encoded bytes`,
    received: describe(tag),
  })
}

/** The tags of one value, each once. Throws `SP_OPTION_INVALID`. */
export function encodeTags(where: string, tags: readonly unknown[]): readonly string[] {
  const encoded = [...new Set(tags.map(encodeTag))]
  const bytes = encoded.join(',').length
  if (encoded.length <= TAGS_MAX && bytes <= TAGS_BYTES_MAX) return encoded
  throw new StaleproofError('SP_OPTION_INVALID', `${where}: a value has too many tags`, {
    expected: `at most ${TAGS_MAX} of ${TAGS_BYTES_MAX} encoded bytes together`,
    received: `${encoded.length} of ${bytes} bytes`,
  })
}

/** Is it the implicit tag of a family? */
export function isFamilyTag(tag: string): boolean {
  return tag.startsWith(FAMILY_MARK)
}

/** As its author wrote it; `family:…` for the implicit tag of a family. */
export function decodeTag(tag: string): string {
  return isFamilyTag(tag) ? `family:${tag.slice(FAMILY_MARK.length)}` : (decodePercent(tag) ?? tag)
}

/** The tag that every value of a family carries; its clock is what `clear` raises. */
export function familyTag(family: string): string {
  return FAMILY_MARK + family
}
