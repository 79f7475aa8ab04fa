// Telegram's HTML: a handful of tags that become ranges over plain text (entities). The page draws
// text and ranges, never markup, so nothing a bot sends can become an element that is not listed
// here. As the real service does, text with any other tag is refused rather than shown in part.
// Offsets are in UTF-16 units, which is what both Telegram and JavaScript count.

export interface Entity {
  readonly type: string
  readonly offset: number
  readonly length: number
  readonly url?: string
}

export interface RichText {
  readonly text: string
  readonly entities: readonly Entity[]
}

/** The text is not Telegram HTML; the message says what was expected and where. */
export class MarkupError extends Error {}

const TYPES: ReadonlyMap<string, string> = new Map([
  ['b', 'bold'],
  ['strong', 'bold'],
  ['i', 'italic'],
  ['em', 'italic'],
  ['u', 'underline'],
  ['ins', 'underline'],
  ['s', 'strikethrough'],
  ['strike', 'strikethrough'],
  ['del', 'strikethrough'],
  ['code', 'code'],
  ['pre', 'pre'],
  ['blockquote', 'blockquote'],
  ['a', 'text_link'],
])
const CHARACTERS: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
])
const TOKEN = /<(\/?)([a-zA-Z][\w-]*)([^<>]*)>|&(?:#(\d{1,7})|#x([\da-fA-F]{1,6})|([a-z]+));|</g
const LINK = /^\s+href\s*=\s*(?:"([^"]*)"|'([^']*)')\s*$/
const CODE_POINT_MAX = 0x10ffff
/** What a link may lead to; any other is shown as plain text. */
const SCHEMES: ReadonlySet<string> = new Set(['http:', 'https:', 'tg:', 'mailto:'])

interface Open {
  readonly tag: string
  readonly offset: number
  readonly url: string | undefined
}

/** Turns Telegram HTML into text and entities. Throws `MarkupError`. */
export function parseHtml(source: string): RichText {
  const open: Open[] = []
  const entities: Entity[] = []
  let text = ''
  let from = 0
  for (const token of source.matchAll(TOKEN)) {
    text += source.slice(from, token.index)
    from = token.index + token[0].length
    const [whole, slash, name, attributes = '', decimal, hexadecimal, character] = token
    if (name === undefined) text += characterOf({ whole, decimal, hexadecimal, character })
    else if (slash === '') open.push(opened({ name, attributes, offset: text.length }))
    else addClosed(entities, { open, name, end: text.length })
  }
  const unclosed = open.at(-1)
  if (unclosed !== undefined) throw new MarkupError(`can't find end tag of "${unclosed.tag}"`)
  return { text: text + source.slice(from), entities: entities.sort(outerFirst) }
}

/** True for a link that the page may follow. */
export function isSafeLink(url: string): boolean {
  return URL.canParse(url) && SCHEMES.has(new URL(url).protocol)
}

function opened({
  name,
  attributes,
  offset,
}: {
  name: string
  attributes: string
  offset: number
}): Open {
  const tag = name.toLowerCase()
  if (!TYPES.has(tag)) throw new MarkupError(`unsupported start tag "${tag}"`)
  const link = tag === 'a' ? LINK.exec(attributes) : null
  return { tag, offset, url: link === null ? undefined : unescaped(link[1] ?? link[2] ?? '') }
}

function addClosed(
  entities: Entity[],
  { open, name, end }: { open: Open[]; name: string; end: number },
): void {
  const tag = name.toLowerCase()
  const start = open.pop()
  if (start === undefined) throw new MarkupError(`unexpected end tag "${tag}"`)
  if (start.tag !== tag) throw new MarkupError(`expected end tag "${start.tag}", got "${tag}"`)
  const type = TYPES.get(tag)
  const length = end - start.offset
  if (type === undefined || length === 0) return
  if (type !== 'text_link') entities.push({ type, offset: start.offset, length })
  else if (start.url !== undefined && isSafeLink(start.url)) {
    entities.push({ type, offset: start.offset, length, url: start.url })
  }
}

function characterOf(found: {
  whole: string
  decimal: string | undefined
  hexadecimal: string | undefined
  character: string | undefined
}): string {
  const { whole, decimal, hexadecimal, character } = found
  if (whole === '<') throw new MarkupError('unsupported start tag: write "&lt;" for a plain "<"')
  const code =
    decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number.parseInt(decimal, 10)
  if (code > 0 && code <= CODE_POINT_MAX) return String.fromCodePoint(code)
  // Unknown names stay as they were written.
  return CHARACTERS.get(character ?? '') ?? whole
}

function unescaped(value: string): string {
  return value.replace(
    /&(lt|gt|amp|quot);/g,
    (whole, name: string) => CHARACTERS.get(name) ?? whole,
  )
}

function outerFirst(a: Entity, b: Entity): number {
  return a.offset - b.offset || b.length - a.length
}
