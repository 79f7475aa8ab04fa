/**
 * What is publicly known of versions of Redis and Valkey: which are out of support, and serious
 * vulnerabilities with the versions that have them fixed. From release notes and announcements
 * of the projects. A distribution may mend a fault without another version number.
 */

/** Nothing later is in the table. */
export const factsUntil = '2026-08-27'

export type ServerKind = 'redis' | 'valkey'

/** Redis versions that get no fixes any more, by the day that a later release ended support. */
const outOfSupport: readonly { readonly branch: string; readonly since: string }[] = [
  { branch: '5.0', since: '2022-04-27' },
  { branch: '6.0', since: '2022-05-31' },
  { branch: '7.0', since: '2024-07-29' },
  { branch: '8.0', since: '2026-02-11' },
]

/** No line before this one is supported. */
const oldestBranch = '5.0'

export interface Advisory {
  readonly id: string
  readonly published: string
  readonly what: string
  readonly kind: ServerKind
  /** Versions before are not affected, or it is not known. */
  readonly from: string
  /** The first of each line that is mended; a line between them that is not here is not. */
  readonly fixed: readonly string[]
  /** Only where the server speaks TLS. */
  readonly needsTls: boolean
}

export const advisories: readonly Advisory[] = [
  {
    id: 'CVE-2025-49844',
    published: '2025-10-03',
    what: 'a Lua script may run code in the server',
    kind: 'redis',
    from: '0.0.0',
    fixed: ['6.2.20', '7.2.11', '7.4.6', '8.0.4', '8.2.2'],
    needsTls: false,
  },
  {
    id: 'CVE-2025-49844',
    published: '2025-10-03',
    what: 'a Lua script may run code in the server',
    kind: 'valkey',
    from: '0.0.0',
    fixed: ['7.2.11', '8.0.6', '8.1.4'],
    needsTls: false,
  },
  {
    id: 'CVE-2026-23479, CVE-2026-25243',
    published: '2026-05-05',
    what: 'a client or a RESTORE may run code in the server',
    kind: 'redis',
    from: '7.4.0',
    fixed: ['7.4.9', '8.2.6', '8.4.3', '8.6.3'],
    needsTls: false,
  },
  {
    id: 'CVE-2026-23479, CVE-2026-25243',
    published: '2026-05-05',
    what: 'a client or a RESTORE may run code in the server',
    kind: 'valkey',
    from: '8.1.0',
    fixed: ['8.1.7', '9.0.4'],
    needsTls: false,
  },
  {
    id: 'CVE-2026-63639',
    published: '2026-07-21',
    what: 'data of a stream may run code in the server',
    kind: 'valkey',
    from: '8.0.0',
    fixed: ['8.0.10', '8.1.9', '9.0.5', '9.1.1'],
    needsTls: false,
  },
  {
    id: 'urgent release of 2026-07-24',
    published: '2026-07-24',
    what: 'vulnerabilities that may run code in the server',
    kind: 'redis',
    from: '0.0.0',
    fixed: ['6.2.23', '7.2.15', '7.4.10', '8.2.8', '8.4.5', '8.6.5', '8.8.1'],
    needsTls: false,
  },
  {
    id: 'CVE-2026-81934',
    published: '2026-08-27',
    what: 'over TLS anybody may run code in the server',
    kind: 'redis',
    from: '8.2.0',
    fixed: ['8.2.9', '8.4.6', '8.6.6', '8.8.2', '8.10.1'],
    needsTls: true,
  },
]

export interface RunningServer {
  readonly kind: ServerKind
  readonly version: string
  /** It speaks TLS. */
  readonly isTls: boolean
}

/** Open in this version, the latest first. */
export function openAdvisories({ kind, version, isTls }: RunningServer): readonly Advisory[] {
  const open = advisories.filter((advisory) => {
    if (advisory.kind !== kind || (advisory.needsTls && !isTls)) return false
    return isAffected(version, advisory)
  })
  return open.sort((one, other) => (one.published < other.published ? 1 : -1))
}

/** Since when nobody mends it; undefined: somebody does, or it is not known. */
export function unsupportedSince(kind: ServerKind, version: string): string | undefined {
  if (kind !== 'redis') return undefined
  if (compare(version, oldestBranch) < 0) return outOfSupport[0]?.since
  return outOfSupport.find(({ branch }) => branchOf(version) === branch)?.since
}

function isAffected(version: string, { from, fixed }: Advisory): boolean {
  if (compare(version, from) < 0) return false
  const ofLine = fixed.find((mended) => branchOf(mended) === branchOf(version))
  if (ofLine !== undefined) return compare(version, ofLine) < 0
  return fixed.some((mended) => compare(version, mended) < 0)
}

function branchOf(version: string): string {
  return version.split('.').slice(0, 2).join('.')
}

function compare(one: string, other: string): number {
  const [left, right] = [one, other].map((text) => text.split('.').map(Number))
  for (let at = 0; at < 3; at += 1) {
    const difference = (left?.[at] ?? 0) - (right?.[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
