/** MEM10: large values that nobody compresses. */
import { type Check, megabytes, ok, rounded, warn } from '../../check.ts'
import { groupKeys, type KeyGroup } from '../../key-groups.ts'
import type { SampledKey } from '../../key-sample.ts'
import { Missing } from '../../missing.ts'

const largeBytes = 1_024
/** Of texts like JSON, by deflate, at least. */
const savedShare = 0.6
const PLAIN = /^\s*[[{"]/

const uncompressed: Check = {
  id: 'MEM10',
  title: 'Large values are stored uncompressed',
  group: 'memory',
  rule:
    'With --values: strings above 1 KB that begin like JSON, by family, as a share of the ' +
    'bytes of those that were looked at. Slots of this cache compress by themselves.',
  thresholds: { warn: 'more than 10 % of the bytes of a family' },
  source: 'Our own',
  needs: ['sample'],
  commands: ['GETRANGE key 0 63', 'MEMORY USAGE key'],
  remedy: {
    text: 'Compress them: in this cache by default, elsewhere in the codec of whoever writes them.',
    commands: [],
  },
  judge(facts) {
    const sample = facts.need('sample')
    const seen = sample.keys.filter(({ head, role }) => head !== undefined && role === 'other')
    if (!sample.keys.some(({ head }) => head !== undefined)) {
      throw new Missing('moot', 'values are looked at only with --values')
    }
    const groups = groupKeys({ ...sample, keys: seen }, facts.find('registry'))
    const plain = groups.filter((group) => plainShare(group) > 0.1)
    if (plain.length === 0) return ok({ valuesSeen: seen.length })
    return plain.map((group) => {
      const bytes = plainBytes(group)
      return warn(
        {
          plainPercent: rounded(100 * plainShare(group), 1),
          valuesSeen: group.keys.length,
          savedMb: megabytes(bytes * savedShare),
        },
        { subject: group.label },
      )
    })
  },
}

function plainShare(group: KeyGroup): number {
  return plainBytes(group) / Math.max(1, group.bytes)
}

function plainBytes({ keys }: KeyGroup): number {
  return keys.filter(isPlain).reduce((sum, { bytes }) => sum + bytes, 0)
}

function isPlain({ bytes, head = '' }: SampledKey): boolean {
  return bytes > largeBytes && PLAIN.test(head)
}

export const valueChecks: readonly Check[] = [uncompressed]
