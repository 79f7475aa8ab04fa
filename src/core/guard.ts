/**
 * The guard against sensitive values (SPEC A7): what a field's name or a text's shape
 * gives away. It is asked for every field of every value that is stored, so it decides in
 * a look-up and a few comparisons; only what looks suspicious is looked at closely.
 *
 * Names are taken word by word and judged by how they end: `clientSecret` holds a secret,
 * `tokenId`, `passwordChangedAt` and `secretSanta` do not. What a word can't decide (`key`,
 * `token`, `seed`) the text must confirm. Never the value itself is told, only its place.
 */
import { isCardNumber } from './card-number.ts'

/** How much a name gives away. */
type Telling = 'nothing' | 'secret' | 'perhaps'

/** Names that are remembered; those of maps by id would otherwise grow without end. */
export const namesMax = 4_096

/** What ends the name of a field that holds a secret, its words joined. */
const SECRETS = new Set(
  [
    'password passwd pwd passphrase passcode secret mnemonic credential cvv cvc',
    'privatekey secretkey apikey accesskey signingkey encryptionkey masterkey sessionkey',
    'accesstoken refreshtoken authtoken bearertoken sessiontoken idtoken bottoken apitoken',
    'seedphrase seedwords recoveryphrase recoverycode backupcode securitycode cardnumber',
    'clientsecret privkey authorization',
  ].flatMap((line) => line.split(' ')),
)
/** What may hold one: its text decides. */
const SUSPECTS = new Set(['token', 'key', 'priv', 'pk', 'sk', 'seed', 'phrase', 'signer', 'jwt'])
/** What such a name may end with and still hold it. */
const FORMS = new Set([
  'hash',
  'hex',
  'pem',
  'base64',
  'encrypted',
  'plain',
  'raw',
  'text',
  'value',
])
/** Without one of these no name is looked at closely. */
const TELLING = new RegExp(
  [...SUSPECTS, 'pass|pwd|secret|mnemonic|credential|cv[vc]|code|card|words|auth'].join('|'),
  'i',
)

const JWT = /^(bearer )?eyJ[\w-]{8,}\.[\w-]+\.[\w-]*$/i
const PRIVATE_PEM = /^-----BEGIN [A-Z0-9 ]*PRIVATE KEY/
const HEX_KEY = /^(0x)?[0-9a-fA-F]{64}$/
const RANDOM = /^(?!0x[0-9a-fA-F]{40}$)(?=.*[A-Za-z])(?=.*\d)[\w.+/=-]{20,}$/
const WORDS = /^([a-z]{3,8}\s+){11,23}[a-z]{3,8}$/i

const CHAR_SPACE = 32
const CHAR_B = 66
const CHAR_SMALL_B = 98
const CHAR_E = 101
const CHAR_HYPHEN = 45
const CHAR_0 = 48
const CHAR_9 = 57
/** No text that is recognised by its shape is shorter. */
const SHAPE_CHARS_MIN = 14
/** As many as a card number has digits. */
const CARD_MIN = 1e13

/** A name that has been judged, and the one that came after it the last time. */
interface Known {
  readonly name: string
  readonly telling: Telling
  next: Known | undefined
}

/** One for each family, which remembers the names of its fields. */
export class Guard {
  readonly #names = new Map<string, Known>()
  #last: Known | undefined

  /** What is wrong with a field, in words; undefined: nothing. */
  inField(name: string, value: unknown): string | undefined {
    const telling = this.#tellingOf(name)
    switch (typeof value) {
      case 'string':
        return telling === 'nothing' ? ofShape(value, name) : ofText(value, telling, name)
      case 'number':
        if (telling === 'secret') return SECRET_FIELD
        return value >= CARD_MIN && isCardNumber(String(value), name) ? CARD : undefined
      case 'object':
        return telling === 'secret' && isFilled(value) ? SECRET_FIELD : undefined
      default:
        return undefined
    }
  }

  /** The same for what has no name: an element of an array, or the whole value. */
  inPart(value: unknown): string | undefined {
    if (typeof value === 'string') return ofShape(value, '')
    if (typeof value !== 'number' || value < CARD_MIN) return undefined
    return isCardNumber(String(value), '') ? CARD : undefined
  }

  /** How many names it remembers. */
  get size(): number {
    return this.#names.size
  }

  /** Objects of one shape have their names in one order: mostly no look-up is needed. */
  #tellingOf(name: string): Telling {
    const guess = this.#last?.next
    const known = guess?.name === name ? guess : this.#known(name)
    this.#last = known
    return known.telling
  }

  #known(name: string): Known {
    if (this.#names.size >= namesMax) this.#names.clear()
    const known = this.#names.get(name) ?? { name, telling: tellingOf(name), next: undefined }
    this.#names.set(name, known)
    if (this.#last !== undefined) this.#last.next = known
    return known
  }
}

const SECRET_FIELD = 'a field whose name says that it holds a secret'
const CARD = 'what looks like the number of a card'

function ofText(text: string, telling: Telling, name: string): string | undefined {
  if (telling === 'secret') return text === '' ? undefined : SECRET_FIELD
  if (HEX_KEY.test(text) || RANDOM.test(text)) return 'what looks like a key or a token'
  return WORDS.test(text) ? 'what looks like a seed phrase' : ofShape(text, name)
}

/** The first character tells nearly all texts apart. */
function ofShape(text: string, name: string): string | undefined {
  if (text.length < SHAPE_CHARS_MIN) return undefined
  const first = text.charCodeAt(0)
  const isPadded = first <= CHAR_SPACE || text.charCodeAt(text.length - 1) <= CHAR_SPACE
  if (isPadded) {
    const bare = text.trim()
    // Control characters are no white space: they stay, and no secret begins or ends with one.
    return bare.length < text.length ? ofShape(bare, name) : undefined
  }
  if (first === CHAR_E || first === CHAR_B || first === CHAR_SMALL_B) {
    return JWT.test(text) ? 'what looks like a JSON Web Token' : undefined
  }
  if (first === CHAR_HYPHEN) {
    return PRIVATE_PEM.test(text) ? 'what looks like a private key' : undefined
  }
  if (first < CHAR_0 || first > CHAR_9) return undefined
  return isCardNumber(text, name) ? CARD : undefined
}

function isFilled(value: object | null): boolean {
  return value !== null && Object.keys(value).length > 0
}

function tellingOf(name: string): Telling {
  if (!TELLING.test(name)) return 'nothing'
  const words = wordsOf(name)
  while (words.length > 1 && FORMS.has(words.at(-1) ?? '')) words.pop()
  const last = singular(words.at(-1) ?? '')
  const lastTwo = (words.at(-2) ?? '') + last
  if (SECRETS.has(last) || SECRETS.has(lastTwo)) return 'secret'
  // `tokens` are many, as things are counted; a secret rarely comes in dozens.
  return SUSPECTS.has(words.at(-1) ?? '') ? 'perhaps' : 'nothing'
}

/** `walletPrivateKey2`, `wallet-private_key`, `WALLET_PRIVATE_KEY` → wallet, private, key. */
function wordsOf(name: string): string[] {
  const split = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
  return split.split(/[^a-z]+/).filter((word) => word !== '')
}

function singular(word: string): string {
  return word.endsWith('s') ? word.slice(0, -1) : word
}
