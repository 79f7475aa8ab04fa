/**
 * What keys look like where nobody declared them: `user:42:profile` is one of
 * `user:{int}:profile`. Tokens are told by their form; where a place holds too many words,
 * they are ids too.
 */

export type TokenKind =
  | 'word'
  | 'int'
  | 'uuid'
  | 'ulid'
  | 'hex'
  | 'date'
  | 'email'
  | 'phone'
  | 'jwt'
  | 'text'

/** What stands between tokens. */
const SEPARATOR = /([:_./|]+)/
/** Different words at one place, beyond which they are ids. */
const wordsMax = 20
/** Longer keys are told by their beginning. */
const tokensMax = 12

const forms: readonly (readonly [TokenKind, RegExp])[] = [
  ['int', /^-?\d+$/],
  ['uuid', /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i],
  ['ulid', /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/],
  ['date', /^\d{4}-\d{2}-\d{2}(T.*)?$/],
  ['hex', /^(?:0x[\da-f]{8,}|(?=.*\d)[\da-f]{8,})$/i],
  ['phone', /^\+\d{8,15}$/],
  ['word', /^[A-Za-z][A-Za-z-]{0,23}\d{0,2}$/],
]
/** From the start of a part and up to the next `@`, so that no name takes more than one pass. */
const EMAIL = /(?<![^\s:|/])[^\s:|/]+(?:@|%40)[^\s:|/@%]+\.[a-z]{2,}/i
const JWT = /eyJ[\w-]{8,}\.[\w-]+\.[\w-]*/
const WHOLE = new RegExp(`${EMAIL.source}|${JWT.source}`, 'gi')

export interface KeyPattern {
  /** `user:{int}:profile` */
  readonly text: string
  /** The same with every separator a space. */
  readonly words: string
  readonly separators: readonly string[]
}

/** Learns which places hold ids; after that `patternOf` is the same for every key of a kind. */
export class PatternMiner {
  readonly #words = new Map<string, Set<string>>()

  constructor(keys: Iterable<string>) {
    for (const key of keys) this.#learn(key)
  }

  patternOf(key: string): KeyPattern {
    const { tokens, separators } = tokensOf(key)
    const shown: string[] = []
    for (const token of tokens) {
      const kind = kindOf(token)
      const place = shown.join(' ')
      const words = this.#words.get(place)
      const isId = kind !== 'word' || (words !== undefined && words.size > wordsMax)
      shown.push(isId ? `{${kind === 'word' ? 'text' : kind}}` : token)
    }
    const text = shown.map((token, at) => `${token}${separators[at] ?? ''}`).join('')
    return { text, words: shown.join(' '), separators: [...new Set(separators)] }
  }

  /** Words behind the same beginning; ids in it count as their kind. */
  #learn(key: string): void {
    const shown: string[] = []
    for (const token of tokensOf(key).tokens) {
      const kind = kindOf(token)
      const place = shown.join(' ')
      const words = this.#words.get(place) ?? new Set()
      if (kind === 'word' && words.size <= wordsMax) words.add(token)
      this.#words.set(place, words)
      if (kind === 'word') shown.push(words.size > wordsMax ? '{text}' : token)
      else shown.push(`{${kind}}`)
    }
  }
}

/** An address or a token is one, whatever dots are in it. */
function tokensOf(key: string): { readonly tokens: string[]; readonly separators: string[] } {
  const whole = mayBeEmail(key) || mayBeJwt(key) ? [...key.matchAll(WHOLE)] : []
  let rest = key
  for (const [at, [found]] of whole.entries()) rest = rest.replace(found, `\0${at}\0`)
  const parts = rest.split(SEPARATOR)
  const tokens: string[] = []
  const separators: string[] = []
  for (const [at, part] of parts.slice(0, 2 * tokensMax).entries()) {
    if (at % 2 === 1) separators.push(part)
    else
      tokens.push(part.replace(/\0(\d+)\0/g, (_, index: string) => whole[Number(index)]?.[0] ?? ''))
  }
  return { tokens, separators }
}

export function kindOf(token: string): TokenKind {
  if (mayBeJwt(token) && JWT.test(token)) return 'jwt'
  if (mayBeEmail(token) && EMAIL.test(token)) return 'email'
  for (const [kind, form] of forms) if (form.test(token)) return kind
  return 'text'
}

/** Most names are neither, and need no search. */
function mayBeEmail(text: string): boolean {
  return text.includes('@') || text.includes('%40')
}

function mayBeJwt(text: string): boolean {
  return text.includes('eyJ')
}
