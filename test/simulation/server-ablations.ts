/** Elements that keep what Redis serves and stores correct, whichever server answers. */
import type { Ablation } from './ablation.ts'

export const serverAblations: readonly Ablation[] = [
  {
    name: 'lease check',
    loses: 'a store is refused when its lease is gone',
    edits: [
      {
        file: 'embedded/scripts/storing.ts',
        from: "    if (found === undefined) return 'gone'\n",
        to:
          '    if (found === undefined) {\n' +
          '      put(step, fill.key, fill)\n' +
          "      return 'stored'\n" +
          '    }\n',
      },
    ],
    kind: 'none',
    seed: 1,
  },
  {
    name: 'stamp',
    loses: 'values of another incarnation are void',
    edits: [
      {
        file: 'coherence/validity.ts',
        from: 'slot.stamp !== around.stamp || slot.epoch !== around.epoch',
        to: 'slot.epoch !== around.epoch',
      },
      {
        file: 'embedded/rules.ts',
        from: 'groups === undefined || slot.stamp !== stamp || slot.epoch !== groups.epoch',
        to: 'groups === undefined || slot.epoch !== groups.epoch',
      },
    ],
    kind: 'failover',
    seed: 11,
  },
  {
    name: 'epoch',
    loses: 'values of before a lost record of groups are void',
    edits: [
      {
        file: 'coherence/validity.ts',
        from: 'slot.stamp !== around.stamp || slot.epoch !== around.epoch',
        to: 'slot.stamp !== around.stamp',
      },
    ],
    kind: 'eviction',
    seed: 15,
  },
  {
    name: 'proof',
    loses: 'an answer counts only while the server has shown to be the primary',
    edits: [
      {
        file: 'cache/gate.ts',
        from: '    return trust.isProven(this.#engine.clock.now())\n',
        to: '    return trust.stamp !== undefined\n',
      },
    ],
    kind: 'split',
    seed: 12,
  },
  {
    name: 'replay',
    loses: 'a new primary is told again what the earlier one may have lost',
    edits: [
      {
        file: 'coherence/replay.ts',
        from: 'if (ackedMs >= fromMs) wishes.push(wish)',
        to: 'if (ackedMs === Number.POSITIVE_INFINITY) wishes.push(wish)',
      },
    ],
    kind: 'split',
    seed: 20,
  },
  {
    name: 'quarantine',
    loses: 'nothing is stored while a write is under way',
    edits: [
      {
        file: 'embedded/scripts/lease.ts',
        from: "  if (slot.kind === 'quarantine') return { kind: 'quarantined' }\n",
        to: '',
      },
    ],
    kind: 'crash',
    seed: 98,
  },
  {
    name: 'tag clock at read',
    loses: 'a value in Redis is void when one of its tags was invalidated after its load began',
    edits: [
      {
        file: 'coherence/validity.ts',
        from: "    else if (clock > slot.clock) return 'void'\n",
        to: '',
      },
    ],
    kind: 'none',
    seed: 0,
  },
  {
    name: 'floor',
    loses: 'a value in Redis is void when everything was invalidated after its load began',
    edits: [
      {
        file: 'coherence/validity.ts',
        from: "  if (slot.clock < around.floor) return 'void'\n",
        to: '',
      },
    ],
    kind: 'none',
    seed: 0,
  },
  {
    name: 'order under a lease',
    loses: 'a set that meets a load under way keeps older values out',
    edits: [
      {
        file: 'embedded/scripts/set.ts',
        from: 'minimum: higher(slot.minimum, order)',
        to: 'minimum: slot.minimum',
      },
    ],
    kind: 'none',
    seed: 13,
  },
  {
    name: 'set of a known version',
    loses: 'a set is told to memories also where the slot holds its version already',
    edits: [
      {
        file: 'embedded/scripts/set.ts',
        from: "  if (why === 'again') return { why: 'stored', counted: UNCOUNTED }\n",
        to:
          "  if (why === 'again') return { why: 'stored', counted: UNCOUNTED }\n" +
          "  if (why === 'older') return { why, counted: UNCOUNTED }\n",
      },
    ],
    kind: 'none',
    seed: 782,
  },
]
