/**
 * A process with many callers of one missing key. It holds every library; told which one,
 * it calls as often as asked, all at once, and says how often the source was asked.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { reasonOf } from '../failure.ts'
import { fullestTiers, type OpenedLibrary } from '../libraries/library.ts'
import { loadPeers } from '../peers.ts'
import { besieged } from './besieged.ts'

/** From the parent. */
export interface Siege {
  readonly library: string
  readonly key: string
  readonly callers: number
}

/** To the parent. */
export interface Withstood {
  readonly loads: number
  readonly wallMs: number
}

const loadMs = 50

const [redisUrl = '', namespace = ''] = process.argv.slice(2)
const opened = new Map<string, OpenedLibrary>()
let loads = 0

async function open(): Promise<object> {
  const peers = await loadPeers(fileURLToPath(new URL('../../../bench/peers', import.meta.url)))
  const load = async (key: string) => {
    loads++
    await pause(loadMs)
    return `value of ${key}`
  }
  for (const [index, library] of besieged.entries()) {
    const own = { namespace: `${namespace}-${index}`, tiers: fullestTiers(library) }
    opened.set(library.name, await library.open({ peers, redisUrl, load, ...own }))
  }
  return {}
}

async function withstand({ library, key, callers }: Siege): Promise<Withstood> {
  const cache = opened.get(library)
  if (cache === undefined) throw new Error(`no library ${library}`)
  loads = 0
  const startedMs = performance.now()
  const values = await Promise.all(Array.from({ length: callers }, () => cache.fetch(key)))
  const wallMs = performance.now() - startedMs
  if (values.some((value) => value !== `value of ${key}`)) throw new Error('a wrong value')
  return { loads, wallMs }
}

function answer(work: Promise<object>): void {
  work.then(
    (done) => process.send?.(done),
    (error) => process.send?.({ failed: reasonOf(error) }),
  )
}

process.on('message', (siege: Siege) => answer(withstand(siege)))
// The parent is gone: nobody is left to measure for.
process.once('disconnect', () => process.exit(0))
answer(open())
