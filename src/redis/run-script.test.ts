import { expect, test } from 'vitest'
import { StoreFault } from '../core/contracts/store.ts'
import type { Commander } from './commander.ts'
import { runScript } from './run-script.ts'
import { SET } from './scripts/index.ts'

test('what a commander throws at once is a rejection with a StoreFault too', async () => {
  const commander: Commander = {
    connected: undefined,
    send: () => {
      throw new RangeError('Invalid string length')
    },
    pipeline: async () => [],
    reconnect: () => {},
  }
  const running = runScript(commander, { script: SET, keys: [], args: [] })
  await expect(running).rejects.toBeInstanceOf(StoreFault)
})
