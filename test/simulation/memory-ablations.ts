/** Elements that keep memory and shared loads within the bound. */
import type { Ablation } from './ablation.ts'

export const memoryAblations: readonly Ablation[] = [
  {
    name: 'doom',
    loses: 'memory does not keep what was invalidated while it was loaded',
    edits: [
      {
        file: 'coherence/flights.ts',
        from: 'for (const flight of this.#of(key)) flight.isDoomed = true',
        to: 'void key',
      },
    ],
    kind: 'none',
    seed: 5,
  },
  {
    name: 'trust clock',
    loses: 'memory is served only while trust runs',
    edits: [{ file: 'memory/entry-table.ts', from: '      nowMs < trust.untilMs &&\n', to: '' }],
    kind: 'partition',
    seed: 19,
  },
  {
    name: 'trust from sending',
    loses: 'trust counts from when the beat was sent, not from when its echo came',
    edits: [
      {
        file: 'coherence/trust.ts',
        from: 'this.untilMs = Math.max(this.untilMs, beat.sentMs + this.#trustMs)',
        to: 'this.untilMs = Number.POSITIVE_INFINITY',
      },
      {
        file: 'cache/heart.ts',
        from: '    trust.echoed(echo)\n',
        to:
          '    trust.echoed(echo)\n' +
          '    const receiptMs = this.#engine.clock.now() + this.#engine.settings.trustMs\n' +
          '    trust.untilMs = Math.min(trust.untilMs, receiptMs)\n',
      },
      {
        file: 'cache/heart.ts',
        from: '      this.#heed(partition, partition.trust.replied(nonce, reply), reply)\n',
        to:
          '      this.#heed(partition, partition.trust.replied(nonce, reply), reply)\n' +
          '      const { trust } = partition\n' +
          '      trust.untilMs = Math.min(trust.untilMs, clock.now() + settings.trustMs)\n',
      },
    ],
    kind: 'pause',
    seed: 67,
  },
  {
    name: 'resync',
    loses: 'what may have been missed makes everything held a suspect',
    edits: [
      {
        file: 'coherence/trust.ts',
        from: "    this.lose('subscription')\n",
        to: '',
      },
      {
        file: 'coherence/trust.ts',
        from: '    this.#subscribed = undefined\n    this.lose(reason)\n',
        to: '    this.#subscribed = undefined\n    void reason\n',
      },
      {
        file: 'coherence/trust.ts',
        from: "    else if (applied.seq !== echo.seq) this.#restart('gap', next)\n",
        to: '    else this.applied = next\n',
      },
    ],
    kind: 'connections',
    seed: 9,
  },
  {
    name: 'gap in the messages',
    loses: 'a number out of turn shows that a message was lost',
    edits: [
      {
        file: 'coherence/trust.ts',
        from: "    else if (next.seq !== applied.seq + 1) this.#restart('gap', next)\n",
        to: '',
      },
      {
        file: 'coherence/trust.ts',
        from: "    else if (applied.seq !== echo.seq) this.#restart('gap', next)\n",
        to: '    else this.applied = next\n',
      },
    ],
    kind: 'messages',
    seed: 32,
  },
  {
    name: 'suspects',
    loses: 'what was held when trust was lost is proven again before it is served',
    edits: [
      {
        file: 'memory/entry-table.ts',
        from: '      words[at + word.generation] === trust.generation &&\n',
        to: '',
      },
    ],
    kind: 'messages',
    seed: 7,
  },
  {
    name: 'groups in memory',
    loses: 'an entry in memory is void when one of its groups was invalidated',
    edits: [
      {
        file: 'memory/entry-table.ts',
        from: '      (clock >= groups.newest || groups.covers(clock, this.#tagsAt(slot)))\n',
        to: '      (clock >= groups.newest || groups.covers(clock, []) !== undefined)\n',
      },
    ],
    kind: 'none',
    seed: 5,
  },
  {
    name: 'joining after a group',
    loses: 'a load that began before a group was invalidated is not shared afterwards',
    edits: [
      {
        file: 'coherence/flights.ts',
        from: '    this.#each(partition, (flight) => {\n      flight.isClosed = true\n    })\n',
        to: '    void partition\n',
      },
    ],
    kind: 'none',
    seed: 213,
  },
  {
    name: 'receipts',
    loses: 'memory serves a receipt only when it has processed its invalidation',
    edits: [
      {
        file: 'cache/after.ts',
        from: '    return applied.seq >= part.seq\n',
        to: '    return applied.seq >= 0\n',
      },
    ],
    kind: 'none',
    seed: 0,
  },
  {
    name: 'barrier',
    loses: 'a barrier waits until every process has applied its message, or lost its trust',
    edits: [
      {
        file: 'cache/barrier.ts',
        from: '    await patience.wait(this.#isThrough.promise)\n',
        to: '    void patience\n',
      },
    ],
    kind: 'none',
    seed: 13,
  },
  {
    name: 'barrier registry',
    loses: 'a barrier waits the full time where somebody may be missing in the registry',
    edits: [
      {
        file: 'cache/barrier.ts',
        from: 'if (registry.isComplete(registered, startedMs)) this.#settle()',
        to: 'if (registry !== undefined) this.#settle()',
      },
    ],
    kind: 'eviction',
    seed: 117,
  },
]
