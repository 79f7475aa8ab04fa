/** Invalidating a tag or a family costs the same however many keys carry it. */
import { type Crowd, openCrowd } from '../groups/crowd.ts'
import { callsBetween, ServerObserver } from '../server-figures.ts'
import { barOf, type Study, type StudyRow } from '../study.ts'

const crowds = [1_000, 1_000_000]
const calls = { full: 300, quick: 50 }
const windows = 9

interface Measured {
  readonly commands: string
  readonly bytes: number
  readonly p99Micros: number
}

export const groupCost: Study = {
  name: 'group-cost',
  needsOwnRedis: true,
  async study({ redisUrl = '' }, isQuick) {
    const count = isQuick ? calls.quick : calls.full
    const rows: StudyRow[] = []
    const measured: Measured[] = []
    for (const keys of crowds) {
      const one = await measure(redisUrl, keys, count)
      const { commands, bytes, p99Micros } = one
      measured.push(one)
      rows.push({
        name: `${keys.toLocaleString('en-US')} keys`,
        figures: [commands, bytes, p99Micros],
      })
    }
    const [few, many] = measured
    const isSame = few?.commands === many?.commands && few?.bytes === many?.bytes
    return {
      title: 'invalidateTag and clear of a family',
      method: `${count} calls of each; what the server counts for one call of both`,
      columns: ['commands', 'bytes to the server', 'script p99 µs'],
      plotted: 'script p99 µs',
      rows,
      bars: [
        barOf('difference in commands or bytes', isSame ? 0 : 1, 0),
        barOf('script p99 µs', Math.max(...measured.map(({ p99Micros }) => p99Micros)), 1_000),
      ],
    }
  },
}

async function measure(redisUrl: string, keys: number, count: number): Promise<Measured> {
  const crowd = await openCrowd(redisUrl)
  const observer = new ServerObserver(redisUrl)
  try {
    await crowd.fill(100_000, keys)
    await bothCalls(crowd)
    const steps = await quietestStep(observer, () => bothCalls(crowd))
    await observer.forget()
    for (let call = 0; call < count; call++) await bothCalls(crowd)
    return { ...steps, p99Micros: await observer.latencyMicros('evalsha', 'p99') }
  } finally {
    observer.close()
    await crowd.close()
  }
}

async function bothCalls({ cache }: Crowd): Promise<void> {
  await cache.invalidateTag('crowd', { reason: 'import' })
  await cache.item.clear({ reason: 'import' })
}

/**
 * What one step sends. Beats come in between now and then, so of several steps the one
 * with the fewest bytes counts.
 */
async function quietestStep(
  observer: ServerObserver,
  step: () => Promise<void>,
): Promise<Pick<Measured, 'commands' | 'bytes'>> {
  let quietest: Pick<Measured, 'commands' | 'bytes'> | undefined
  for (let window = 0; window < windows; window++) {
    const before = await observer.look()
    await step()
    const after = await observer.look()
    const bytes = after.bytesIn - before.bytesIn
    if (quietest !== undefined && quietest.bytes <= bytes) continue
    const calls = [...callsBetween(before, after)].map(([name, count]) => `${count} ${name}`)
    quietest = { commands: calls.sort().join(', '), bytes }
  }
  if (quietest === undefined) throw new Error('expected at least one window')
  return quietest
}
