/** A check in words: for `--explain`, and for docs/doctor.md. */
import type { Check } from './check.ts'

/** Markdown, without its heading. */
export function explainedLines(check: Check): readonly string[] {
  const { rule, thresholds, source, needs, uses = [], commands, remedy } = check
  const levels = Object.entries(thresholds).map(([level, text]) => `- **${level}**: ${text}`)
  return [
    rule,
    '',
    ...levels,
    '',
    `Needs: ${needs.length === 0 ? 'whatever of it is there' : needs.join(', ')}` +
      `${uses.length === 0 ? '' : `; better with: ${uses.join(', ')}`}. ` +
      `Looked at with: ${commands.map((command) => `\`${command}\``).join(', ') || 'nothing'}. ` +
      `Source: ${source}.`,
    '',
    `**What to do:** ${remedy.text}`,
    ...remedy.commands.map((command) => `\n\`${command}\``),
  ]
}

/** All checks, each with its heading. */
export function explainedChecks(checks: readonly Check[]): string {
  return checks
    .map((check) => [`### ${check.id} ${check.title}`, '', ...explainedLines(check)].join('\n'))
    .join('\n\n')
}
