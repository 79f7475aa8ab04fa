/** What `staleproof doctor` takes. */
import type { CommandRow } from '../command.ts'
import { catalogOption, namespaceOption, redisOptions } from '../declared/shared.ts'

export const doctorCommand: CommandRow = {
  name: 'doctor',
  summary: 'What is wrong with this Redis, its keys, processes and source code',
  args: [],
  options: [
    ...redisOptions,
    namespaceOption,
    catalogOption,
    {
      name: 'code',
      kind: 'text',
      value: 'folder',
      summary: 'Also read the TypeScript sources of a service',
    },
    {
      name: 'format',
      kind: 'text',
      value: 'name',
      summary: 'How findings are written',
      choices: ['pretty', 'json', 'ndjson', 'markdown', 'sarif', 'junit', 'github'],
      default: 'pretty',
    },
    {
      name: 'fail-on',
      kind: 'text',
      value: 'level',
      summary: 'The least severe finding that makes the exit code 1',
      choices: ['crit', 'warn', 'info', 'none'],
      default: 'crit',
    },
    { name: 'only', kind: 'texts', value: 'id', summary: 'Only this check, or MEM for a family' },
    { name: 'skip', kind: 'texts', value: 'id', summary: 'Not this check, or not a family' },
    {
      name: 'suppress',
      kind: 'texts',
      value: 'rule',
      summary: 'ID:reason:until, such as "MEM01:sized by the host:2027-06-30"',
    },
    {
      name: 'baseline',
      kind: 'text',
      value: 'file',
      summary: 'A report in JSON: what it already found does not count',
    },
    {
      name: 'window',
      kind: 'duration',
      value: 'time',
      summary: 'Between the two readings of counters',
      default: '10s',
    },
    {
      name: 'budget',
      kind: 'duration',
      value: 'time',
      summary: 'For sampling keys',
      default: '30s',
    },
    { name: 'deep', kind: 'flag', summary: 'Walk all keys, however long it takes; same pace' },
    {
      name: 'values',
      kind: 'flag',
      summary: 'Look at the first 64 bytes of at most 200 values; none are shown',
    },
    {
      name: 'hotkeys',
      kind: 'flag',
      summary: 'Let Redis 8.6 count by key within the window; needs the right to HOTKEYS',
    },
    {
      name: 'on-primary',
      kind: 'flag',
      summary: 'Sample on the primary though a replica is there',
    },
    { name: 'redact', kind: 'flag', summary: 'Show * for the ids in keys' },
    { name: 'strict', kind: 'flag', summary: 'Exit code 4 where a check could not be run' },
    { name: 'all', kind: 'flag', summary: 'Also show the checks that found nothing' },
    {
      name: 'explain',
      kind: 'text',
      value: 'id',
      summary: 'Rule, thresholds and remedy of a check',
    },
    {
      name: 'print-acl',
      kind: 'flag',
      summary: 'The user for this command, with the fewest rights',
    },
  ],
  examples: [
    'staleproof doctor --redis redis://localhost:6379',
    'staleproof doctor --catalog ./dist/catalog.js --code ./src',
    'staleproof doctor --format github --fail-on crit --baseline .staleproof-doctor.json',
    'staleproof doctor --explain MEM03',
  ],
  load: async () => (await import('./command.ts')).doctor,
}
