/** What happens to processes: they stop, they die, their only thread is busy; and sources. */
import { between, pick } from '../chance.ts'
import { pause, within } from '../pause.ts'
import type { Fault } from './fault.ts'

const stopMs = { least: 200, most: 3_500 }
const blockMs = { least: 300, most: 2_500 }
const slowMs = 3_000
const mutationMsMax = 10_000

export const processFaults: readonly Fault[] = [
  {
    name: 'process stopped',
    run: async ({ fleet }) => {
      fleet.any().worker.pause()
      await pause(between(stopMs.least, stopMs.most))
    },
  },
  {
    name: 'process killed',
    run: ({ fleet }) => fleet.replace(fleet.any()),
  },
  {
    name: 'writer killed inside mutate',
    run: async ({ fleet, database }) => {
      const committed = database.nextMutation()
      const name = await within(committed, mutationMsMax, 'a worker to commit inside mutate')
      const seat = fleet.seats.find(({ worker }) => worker.name === name)
      if (seat !== undefined) await fleet.replace(seat)
    },
  },
  {
    name: 'event loop blocked',
    run: async ({ fleet }) => {
      await fleet.any().worker.line.call('block', { ms: between(blockMs.least, blockMs.most) })
    },
  },
  {
    name: 'sources slower than leases',
    run: async ({ database }) => {
      database.isSlow = true
      await pause(slowMs)
      database.isSlow = false
    },
  },
  {
    name: 'all but one process stopped',
    run: async ({ fleet }) => {
      const awake = pick(fleet.seats)
      for (const seat of fleet.seats) if (seat !== awake) seat.worker.pause()
      await pause(between(stopMs.least, stopMs.most / 2))
    },
  },
]
