/** SEC02: what is known of the version, and who may have mended it without saying so. */
import { type Check, ok, type Values, type Verdict } from '../../check.ts'
import type { Remedy } from '../../finding.ts'
import { letsAnybodyIn } from './access.ts'
import { factsUntil, openAdvisories, type ServerKind, unsupportedSince } from './version-facts.ts'

/**
 * Where packages of a distribution lie. What is built from the sources of the project goes to
 * /usr/local, and the entry of its image starts the server by its bare name.
 */
const packaged = /^\/(usr\/)?s?bin\//

const milder = { warn: 'info', crit: 'warn' } as const

export const version: Check = {
  id: 'SEC02',
  group: 'security',
  title: 'The version of the server is unsafe or unsupported',
  rule:
    `The version against a table of end of support and of faults that may run code, up to ` +
    `${factsUntil}, and the executable of INFO server. One below /usr/bin is of a package: a ` +
    'distribution mends faults for longer than the project, under the same number, and no ' +
    'command shows whether it did. Such a finding is one step milder, and says how to find out.',
  thresholds: {
    info: 'what would be a warning, of a package',
    warn: 'out of support, or a fault that its number does not say is mended',
    crit: 'such a fault, where other machines get in without a password',
  },
  source: 'release notes and announcements of Redis and Valkey',
  needs: ['server', 'info'],
  uses: ['config', 'users'],
  commands: ['INFO server', 'CONFIG GET bind', 'ACL LIST'],
  remedy: {
    text:
      'Upgrade to the latest patch of a supported version. Of a package, look first for the ' +
      'faults among its changes.',
    commands: ['redis-cli INFO server'],
  },
  judge: (facts) => {
    const { kind, version: number } = facts.need('server')
    const isTls = (facts.find('config')?.get('tls-port') ?? '0') !== '0'
    const since = unsupportedSince(kind, number)
    const open = openAdvisories({ kind, version: number, isTls })
    const executable = facts.need('info').findText('executable') ?? 'not told'
    const values = {
      version: `${kind} ${number}`,
      executable,
      ...(since === undefined ? {} : { outOfSupportSince: since }),
      ...(open.length === 0 ? {} : { open: open.map(({ id }) => id).join('; ') }),
      tableUntil: factsUntil,
    }
    const [latest] = open
    if (latest === undefined && since === undefined) return ok(values)
    const what = latest?.what ?? 'the project mends it no more'
    const status = latest !== undefined && letsAnybodyIn(facts) ? 'crit' : 'warn'
    if (packaged.test(executable)) return ofPackage({ kind, status, what, values })
    return { status, values, cause: `By its number: ${what}.` }
  },
}

interface FaultByNumber {
  readonly kind: ServerKind
  readonly status: 'warn' | 'crit'
  readonly what: string
  readonly values: Values
}

function ofPackage({ kind, status, what, values }: FaultByNumber): Verdict {
  const cause = `By its number alone: ${what}. The distribution may have it mended.`
  const title = 'The version of the server is unsafe, unless its package is mended'
  return { status: milder[status], values, title, cause, remedy: askPackage(kind) }
}

function askPackage(kind: ServerKind): Remedy {
  return {
    text:
      'Look for the faults among the changes of the package. If they are not there, or it is one ' +
      'of the project itself, upgrade.',
    commands: [
      `apt-get changelog ${kind}-server`,
      `rpm -q --changelog ${kind}`,
      `apt-cache policy ${kind}-server`,
    ],
  }
}
