/** The cache is written or invalidated first, and the database after it. */
import type { CodeRule, Source } from '../code-rule.ts'
import type { StoreCall } from '../store-call.ts'
import {
  bare,
  functionAround,
  isInside,
  lastName,
  type Node,
  nodesIn,
  staticText,
} from '../syntax.ts'
import { rowWritesIn } from '../written-rows.ts'

const writes = /^(set|setex|psetex|mset|del|unlink|delete|invalidate\w*)$/

export const cacheBeforeDatabase: CodeRule = {
  name: 'cache-before-database',
  severity: 'warn',
  title: 'The cache is written before the database',
  cause:
    'If the write fails, the cache holds what never was; if it was an invalidation, a reader ' +
    'loads the old row again before the write.',
  remedy: 'Write the database first and then invalidate, or let the write run inside `mutate`.',
  example: ['await cache.mutate([key], () => repository.save(order))'],
  find: (source) => {
    const rows = rowWritesIn(source.syntax)
    const stored = source.calls.filter(isCacheWrite).map(({ node }) => node)
    return stored.filter((early) => {
      const after = rows.filter((late) => isLaterStep({ early, late }, source))
      const isRepeated = stored.some((late) =>
        after.some((row) => isAfter({ early: row, late }, source)),
      )
      return after.length > 0 && !isRepeated
    })
  },
}

/** Two nodes of one file. */
interface Pair {
  readonly early: Node
  readonly late: Node
}

function isAfter({ early, late }: Pair, { syntax }: Source): boolean {
  if (late.start < early.end) return false
  return functionAround(syntax, late) === functionAround(syntax, early)
}

/** Certainly run after it: `early` is a statement by itself, in a list that `late` is in too. */
function isLaterStep({ early, late }: Pair, source: Source): boolean {
  const { syntax } = source
  if (!isAfter({ early, late }, source)) return false
  let statement = syntax.parentOf(early)
  while (statement?.type === 'AwaitExpression') statement = syntax.parentOf(statement)
  if (statement?.type !== 'ExpressionStatement') return false
  const list = syntax.parentOf(statement)
  return list !== undefined && isInside(late, list)
}

/** A lock is taken before the write on purpose. */
function isCacheWrite({ kind, command, args }: StoreCall): boolean {
  if (kind === undefined || !writes.test(command)) return false
  return !args.some((option) => {
    const node = bare(option)
    const fields = node?.type === 'ObjectExpression' ? nodesIn(node.properties) : []
    const isCondition = fields.some(({ key }) => /^(NX|condition)$/.test(lastName(key) ?? ''))
    return isCondition || staticText(node)?.toUpperCase() === 'NX'
  })
}
