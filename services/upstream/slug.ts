// What a slug tells: `tsc-mlb-bos-nym-2026-07-10-5pt5` is a contract of kind `tsc` of the event
// `mlb-bos-nym-2026-07-10` that ends on that day, and its choice is `5pt5`. The recorded markets
// carry no event and no end date, so both are read from here; a slug without them gets defaults.

export interface SlugParts {
  readonly event: string
  readonly choice: string
  readonly endAtMs: number | undefined
}

const YEAR_FIRST = /(?:^|-)(\d{4})-(\d{2})-(\d{2})(?=-|$)/
const YEAR_LAST = /(?:^|-)(\d{2})-(\d{2})-(\d{4})(?=-|$)/
const YEAR_IN_WORD = /^(.*?20\d\d[^-]*)(?:-|$)/

/** Splits a slug; total for any text, so that foreign files work as well. */
export function slugParts(slug: string): SlugParts {
  const [kind = '', ...words] = slug.split('-')
  const body = words.length === 0 ? kind : words.join('-')
  const dated = YEAR_FIRST.exec(body) ?? YEAR_LAST.exec(body)
  const [event, choice] = dated === null ? undatedSplit(body) : datedSplit(body, dated)
  // A bare year says nothing: the kind of the contract tells such groups apart.
  const isBareYear = event === '' || /^\d+$/.test(event)
  return { event: isBareYear ? slug.replace(/-[^-]*$/, '') : event, choice, endAtMs: endOf(dated) }
}

function datedSplit(body: string, date: RegExpExecArray): [string, string] {
  const end = date.index + date[0].length
  const choice = body.slice(end + 1)
  const before = body.slice(0, date.index)
  const isYearFirst = YEAR_FIRST.test(date[0])
  // "by which day" questions: the day itself is the choice.
  return choice === '' && !isYearFirst
    ? [before, date[0].replace(/^-/, '')]
    : [body.slice(0, end), choice]
}

function undatedSplit(body: string): [string, string] {
  const year = YEAR_IN_WORD.exec(body)?.[1]
  const event = year ?? body.replace(/-[^-]*$/, '')
  return [event, body.slice(event.length + 1)]
}

function endOf(date: RegExpExecArray | null): number | undefined {
  if (date === null) return undefined
  const [, a = '', b = '', c = ''] = date
  const iso = a.length === 4 ? `${a}-${b}-${c}` : `${c}-${a}-${b}`
  const endAtMs = Date.parse(`${iso}T23:59:00Z`)
  return Number.isNaN(endAtMs) ? undefined : endAtMs
}

/** A choice as people write it: `neg-1pt5` is `-1.5`, `gte74lt75f` is `≥ 74, < 75 °F`. */
export function choiceText(choice: string): string {
  return choice
    .replace(/\bneg-?(?=\d)/g, '-')
    .replace(/\bpos-?(?=\d)/g, '+')
    .replace(/(\d)pt(\d)/g, '$1.$2')
    .replace(/(\d)pct\b/g, '$1%')
    .replace(/gte(?=\d)/g, '≥ ')
    .replace(/gt(?=\d)/g, '> ')
    .replace(/(\d)lt(?=\d)/g, '$1, < ')
    .replace(/\blt(?=\d)/g, '< ')
    .replace(/(\d)f$/, '$1 °F')
}
