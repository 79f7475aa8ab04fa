/** CMD03: what the source audit has found, a verdict for each place. */
import { type Check, type Verdict, warn } from '../../check.ts'
import type { CodeFault, SourceAudit } from '../../code/source-audit.ts'

const namedMax = 5

const sourceCode: Check = {
  id: 'CMD03',
  group: 'commands',
  title: 'Source code uses the cache in a way that goes wrong',
  rule:
    'Reads TypeScript and JavaScript below a folder and looks at calls of Redis clients and ' +
    'caches. Where a name may be something else, nothing is said.',
  thresholds: {
    warn: 'no time to live, keys built by hand, raw JSON, the cache before the database',
    crit: 'KEYS, FLUSHDB and FLUSHALL, DEL of a pattern, invalidation before the commit',
  },
  source: 'our own',
  needs: ['code'],
  commands: ['staleproof doctor --code DIR'],
  remedy: { text: 'Each place says what to write instead.', commands: [] },
  judge: (facts) => {
    const audit = facts.need('code')
    return [...faultVerdicts(audit.faults), ...unseen(audit)]
  },
}

/** A subject without the line, so that a baseline survives edits above it. */
function faultVerdicts(faults: readonly CodeFault[]): readonly Verdict[] {
  const seen = new Map<string, number>()
  return faults.map(({ rule, file, line, text }) => {
    const place = `${rule.name} ${file}`
    const count = (seen.get(place) ?? 0) + 1
    seen.set(place, count)
    return {
      status: rule.severity,
      values: { rule: rule.name },
      subject: count === 1 ? place : `${place} #${count}`,
      title: rule.title,
      cause: rule.cause,
      remedy: { text: rule.remedy, commands: rule.example },
      places: [{ file, line, text }],
    }
  })
}

/** What was not read is told: no finding there means nothing. */
function unseen({ leftOut, faults, faultsTotal, filesRead }: SourceAudit): readonly Verdict[] {
  const verdicts: Verdict[] = []
  const notKept = faultsTotal - faults.length
  if (notKept > 0) verdicts.push(warn({ notKept }, { subject: 'more places' }))
  if (leftOut.length > 0) {
    const named = leftOut.slice(0, namedMax).map(({ path, why }) => `${path} (${why})`)
    const rest = leftOut.length - named.length
    const reason = `not read: ${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
    const values = { filesRead, filesLeftOut: leftOut.length }
    verdicts.push({ status: 'unknown', values, subject: 'files left out', reason })
  }
  return verdicts
}

export const sourceCodeChecks: readonly Check[] = [sourceCode]
