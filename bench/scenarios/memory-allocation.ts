/** What a hit in memory allocates, beside the least that an asynchronous call allocates. */
import { answerOf, endProgram, startProgram } from '../child.ts'
import type { Allocated } from '../heap/allocation-process.ts'
import { barOf, type Study } from '../study.ts'

/** Of 10,000 hits each: a million hits in full. */
const batches = { full: 100, quick: 20 }
const waitMsMax = 120_000
/** In megabytes: a batch must fit. */
const youngGeneration = ['--min-semi-space-size=64', '--max-semi-space-size=64']
const floorName = 'async (id) => map.get(id)'
const bytesAboveFloorMax = 64

export const memoryAllocation: Study = {
  name: 'memory-allocation',
  needsOwnRedis: false,
  async study({ redisUrl = '' }, isQuick) {
    const program = new URL('../heap/allocation-process.js', import.meta.url)
    const count = isQuick ? batches.quick : batches.full
    const nodeOptions = ['--expose-gc', ...youngGeneration]
    const child = startProgram(program, [redisUrl, String(count)], nodeOptions)
    try {
      const allocated = await answerOf<Allocated>(child, waitMsMax)
      const floor = allocated[floorName] ?? Number.NaN
      const ours = Object.entries(allocated).filter(([name]) => name.startsWith('staleproof'))
      return {
        title: 'What a hit in memory allocates',
        method: `young generation, median of ${count} batches of 10,000 hits`,
        columns: ['bytes', 'above the floor'],
        plotted: 'bytes',
        rows: Object.entries(allocated).map(([name, bytes]) => {
          return { name, figures: [Math.round(bytes), Math.round(bytes - floor)] }
        }),
        bars: ours.map(([name, bytes]) =>
          barOf(`bytes above the floor, ${name}`, Math.round(bytes - floor), bytesAboveFloorMax),
        ),
      }
    } finally {
      await endProgram(child)
    }
  },
}
