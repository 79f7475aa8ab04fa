/**
 * What an expression of Prometheus names: metrics with what is matched of their labels, and
 * labels that it groups by. Enough of the grammar for the expressions that are made here.
 */

export interface Selector {
  /** Without the ending of a part of a histogram. */
  readonly metric: string
  readonly part: '' | '_bucket' | '_count' | '_sum'
  readonly matchers: readonly Matcher[]
}

export interface Matcher {
  readonly label: string
  readonly operator: string
  readonly value: string
}

export interface Named {
  readonly selectors: readonly Selector[]
  readonly groupedBy: readonly string[]
}

const words = new Set(['and', 'or', 'unless', 'by', 'offset', 'bool', 'on', 'ignoring', 'without'])

export function namesIn(expression: string): Named {
  const groupedBy: string[] = []
  const ungrouped = expression.replaceAll(/\b(by|on|without) ?\(([^)]*)\)/g, (_, __, list) => {
    groupedBy.push(
      ...String(list)
        .split(',')
        .map((label) => label.trim()),
    )
    return ' '
  })
  const timeless = ungrouped.replaceAll(/\[[\w$]+\]|\boffset \w+/g, ' ')
  const selectors = [
    ...timeless.matchAll(/([A-Za-z_][\w:]*)\s*(\{(?:[^}"]|"(?:[^"\\]|\\.)*")*\})?(\s*\()?/g),
  ]
    .filter(([, name = '', , call]) => call === undefined && !words.has(name))
    .map(([, name = '', matchers = '']) => selectorOf(name, matchers))
  return { selectors, groupedBy: groupedBy.filter((label) => label !== '') }
}

function selectorOf(name: string, matchers: string): Selector {
  const part = (/(_bucket|_count|_sum)$/.exec(name)?.[0] ?? '') as Selector['part']
  const found = [...matchers.matchAll(/(\w+)(=~|!~|!=|=)("(?:[^"\\]|\\.)*")/g)]
  return {
    metric: name.slice(0, name.length - part.length),
    part,
    matchers: found.map(([, label = '', operator = '', value = '""']) => {
      return { label, operator, value: String(JSON.parse(value)) }
    }),
  }
}
