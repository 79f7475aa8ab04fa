// Draws messages. Text and ranges become elements one by one, with `textContent` only: nothing that
// a bot or a person writes is ever read as markup.

const TAGS = {
  bold: 'b',
  italic: 'i',
  underline: 'u',
  strikethrough: 's',
  code: 'code',
  pre: 'pre',
  blockquote: 'blockquote',
}
const BLOCKS = new Set(['pre', 'blockquote'])
const LINKS = new Set(['http:', 'https:', 'tg:', 'mailto:'])

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const calendar = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long' })

/** An element with a class and children, which may be text. */
export function element(tag, className, ...children) {
  const made = document.createElement(tag)
  if (className !== '') made.className = className
  made.append(...children)
  return made
}

/** The list item of one message; `onKey` is told the button, `onCommand` the tapped command. */
export function messageView(message, { isFirst, onKey, onCommand }) {
  const body = element('div', 'body')
  body.append(richText(message.text, message.entities, onCommand))
  const meta = element('span', 'meta', metaText(message))
  const item = element(
    'li',
    `message ${message.from}${isFirst ? ' first' : ''}`,
    element('div', 'bubble', body),
  )
  body.append(meta)
  item.dataset.id = String(message.messageId)
  if (message.keyboard.length > 0) item.append(keyboardView(message, onKey))
  return item
}

/** The line between two days. */
export function dayView(sentAtMs) {
  return element('li', 'day', dayText(sentAtMs))
}

export function isSameDay(a, b) {
  return new Date(a).toDateString() === new Date(b).toDateString()
}

function dayText(sentAtMs) {
  return isSameDay(sentAtMs, Date.now()) ? 'Today' : calendar.format(sentAtMs)
}

function metaText({ sentAtMs, editedAtMs }) {
  return `${editedAtMs === undefined ? '' : 'edited '}${clock.format(sentAtMs)}`
}

/** Nested ranges become nested elements; one that overlaps its neighbour stays plain text. */
function richText(text, entities, onCommand) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length)
  return range({ from: 0, to: text.length, entities: sorted })

  function range({ from, to, entities }) {
    const fragment = document.createDocumentFragment()
    let at = from
    let rest = entities
    while (rest.length > 0) {
      const [entity, ...others] = rest
      const end = entity.offset + entity.length
      rest = others
      if (entity.offset < at || end > to) continue
      const inner = others.filter((other) => other.offset + other.length <= end)
      fragment.append(between(at, entity))
      const made = entityElement(entity, text.slice(entity.offset, end), onCommand)
      if (made.childNodes.length === 0) {
        made.append(range({ from: entity.offset, to: end, entities: inner }))
      }
      fragment.append(made)
      // A block ends its own line.
      at = BLOCKS.has(entity.type) && text[end] === '\n' && end < to ? end + 1 : end
      rest = others.filter((other) => other.offset >= end)
    }
    fragment.append(text.slice(at, to))
    return fragment
  }

  /** The text before a range; a block begins a line of its own, so the break before it goes. */
  function between(at, entity) {
    const plain = text.slice(at, entity.offset)
    return BLOCKS.has(entity.type) ? plain.replace(/\n$/, '') : plain
  }
}

function entityElement(entity, text, onCommand) {
  if (entity.type === 'bot_command') {
    // A link breaks lines as text does; a button would not.
    const link = element('a', 'command', text)
    link.href = '#'
    link.addEventListener('click', (event) => {
      event.preventDefault()
      onCommand(text)
    })
    return link
  }
  if (entity.type !== 'text_link') return document.createElement(TAGS[entity.type] ?? 'span')
  return linkTo(entity.url)
}

/** A link that opens elsewhere; a plain element when it leads where no link may lead. */
function linkTo(url) {
  const isSafe = URL.canParse(url) && LINKS.has(new URL(url).protocol)
  const link = document.createElement(isSafe ? 'a' : 'span')
  if (isSafe) Object.assign(link, { href: url, target: '_blank', rel: 'noopener noreferrer' })
  return link
}

function keyboardView(message, onKey) {
  const rows = message.keyboard.map((row) =>
    element('div', 'keyboard-row', ...row.map((button) => keyView(message, button, onKey))),
  )
  return element('div', 'keyboard', ...rows)
}

function keyView(message, { text, data, url }, onKey) {
  if (url !== undefined) {
    const link = linkTo(url)
    link.className = 'key'
    link.append(`${text} ↗`)
    return link
  }
  const key = element('button', 'key', text)
  key.type = 'button'
  if (data !== undefined) key.addEventListener('click', () => onKey(key, message.messageId, data))
  return key
}
