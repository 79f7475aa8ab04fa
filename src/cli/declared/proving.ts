/** Commands that find out whether something holds. */
import type { CommandRow } from '../command.ts'
import { doctorCommand } from '../doctor/declared.ts'
import { jsonOption, redisOptions } from './shared.ts'

export const provingCommands: readonly CommandRow[] = [
  doctorCommand,
  {
    name: 'verify',
    summary: 'Proves the promise on your Redis: real processes, real faults, a checker',
    args: [],
    options: [
      ...redisOptions.slice(0, 1),
      {
        name: 'self',
        kind: 'flag',
        summary: 'Start servers of its own, and harm those too',
        group: 'server',
      },
      {
        name: 'server-faults',
        kind: 'flag',
        summary: 'Also do what everybody on that server would notice',
      },
      {
        name: 'ops',
        kind: 'number',
        value: 'n',
        summary: 'Operations at least (default: 100,000)',
      },
      {
        name: 'processes',
        kind: 'number',
        value: 'n',
        summary: 'Processes with a cache (default: 4)',
      },
      {
        name: 'seconds',
        kind: 'number',
        value: 's',
        summary: 'At most (default: 290, more if --ops needs it)',
      },
      { name: 'history', kind: 'text', value: 'folder', summary: 'Keep what was recorded' },
      {
        name: 'check',
        kind: 'texts',
        value: 'file',
        summary: 'Judge a recorded history again; several times for several files',
      },
      jsonOption,
    ],
    examples: [
      'staleproof verify --redis redis://localhost:6379',
      'staleproof verify --self --ops 1000000',
    ],
    load: async () => {
      const { verify } = await import('../verify/command.ts')
      return ({ flags, terminal, onSignal }) => verify(flags, terminal, onSignal)
    },
  },
  {
    name: 'replay',
    summary: 'Hit ratios by policy and size on recorded accesses',
    args: [{ name: 'trace', isRequired: false, isMany: true }],
    options: [
      {
        name: 'fraction',
        kind: 'text',
        value: 'list',
        summary: 'Sizes, as shares of the distinct keys (default: 0.001,0.01,0.1)',
      },
      {
        name: 'curve',
        kind: 'flag',
        summary: 'Miss-ratio curves too, exact and as a running cache would estimate them',
      },
      {
        name: 'predict',
        kind: 'flag',
        summary: 'What predictive preloading would gain, at three times a load may take',
      },
      jsonOption,
    ],
    examples: ['staleproof replay accesses.gz'],
    load: async () => {
      const { replay } = await import('../replay/command.ts')
      return ({ args, flags, terminal }) => replay(args, flags, terminal)
    },
  },
  {
    name: 'bench',
    summary: 'Measures this cache beside others, from a checkout of its repository',
    args: [{ name: 'scenario', isRequired: false, isMany: true }],
    options: [{ name: 'full', kind: 'flag', summary: 'All rounds, not the quick ones' }],
    examples: ['staleproof bench', 'staleproof bench memory-get redis-hit --full'],
    load: async () => (await import('../bench/command.ts')).bench,
  },
]
