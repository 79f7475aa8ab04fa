/** Heap of an entry in memory: 100,000 of them, each measurement in a process of its own. */
import { answerOf, endProgram, startProgram } from '../child.ts'
import { type Failure, reasonOf } from '../failure.ts'
import type { Held } from '../heap/heap-process.ts'
import { bareName, holders, listBytesPerEntry, ours } from '../heap/holders.ts'
import { itemsMax } from '../libraries/library.ts'
import { type Spread, spreadOf } from '../statistics.ts'
import { barOf, type Study } from '../study.ts'

const rounds = { full: 3, quick: 1 }
const waitMsMax = 120_000

export const entryHeap: Study = {
  name: 'entry-heap',
  needsOwnRedis: false,
  async study({ redisUrl = '' }, isQuick) {
    const measured = new Map<string, Spread>()
    const failures: Failure[] = []
    for (const { library } of holders) {
      const { name } = library
      try {
        const held: number[] = []
        for (let round = 0; round < (isQuick ? rounds.quick : rounds.full); round++) {
          held.push(await bytesPerEntry(redisUrl, name))
        }
        measured.set(name, spreadOf(held))
      } catch (error) {
        failures.push({ name, reason: reasonOf(error) })
      }
    }
    const bare = (measured.get(bareName)?.median ?? Number.NaN) - listBytesPerEntry
    const our = measured.get(ours.name)?.median ?? Number.NaN
    return {
      title: `Heap of an entry, ${itemsMax.toLocaleString('en-US')} of them`,
      method: 'heap and external memory after garbage collection; value of 180 to 190 B as JSON',
      columns: ['bytes', 'besides key and value'],
      plotted: 'bytes',
      rows: [...measured].map(([name, spread]) => {
        const { median } = spread
        return { name, figures: [Math.round(median), Math.round(median - bare)], spread }
      }),
      bars: [barOf('bytes besides key and value', our - bare, 110)],
      failures,
    }
  },
}

async function bytesPerEntry(redisUrl: string, name: string): Promise<number> {
  const program = new URL('../heap/heap-process.js', import.meta.url)
  const child = startProgram(program, [redisUrl, name, String(itemsMax)], ['--expose-gc'])
  try {
    return (await answerOf<Held>(child, waitMsMax)).bytesPerEntry
  } finally {
    await endProgram(child)
  }
}
