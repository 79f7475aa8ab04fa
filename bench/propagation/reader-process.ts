/**
 * The process that reads. It holds a reader of every library, and is told by its parent
 * which key to watch: it reads until the value has changed, as fast as it can, with a turn
 * of the event loop between two reads so that messages come in.
 */
import { fileURLToPath } from 'node:url'
import type { OpenedLibrary } from '../libraries/library.ts'
import { loadPeers } from '../peers.ts'
import { openMessengers } from './messengers.ts'
import { openTruth } from './truth.ts'

/** From the parent. */
export interface Watch {
  readonly library: string
  readonly key: string
  readonly old: number
}

/** To the parent: nanoseconds of the monotonic clock, which both processes share. */
export type Report =
  | { readonly is: 'opened' }
  /** The old value is in memory and being read. */
  | { readonly is: 'reading' }
  /** When the first read began that did not give it, and the last one that did. */
  | { readonly is: 'changed'; readonly firstNewNs: string; readonly lastOldNs: string }
  | { readonly is: 'failed'; readonly reason: string }

/** Reads of the old value before it counts as held in memory. */
const primingReads = 20
const changeMsMax = 10_000

const [redisUrl = '', namespace = ''] = process.argv.slice(2)
const send = (report: Report) => process.send?.(report)
let readers: ReadonlyMap<string, OpenedLibrary> = new Map()

async function open(): Promise<void> {
  const folder = fileURLToPath(new URL('../../../bench/peers', import.meta.url))
  const peers = await loadPeers(folder)
  const truth = openTruth(redisUrl, namespace)
  readers = await openMessengers({ redisUrl, namespace, peers, load: truth.load })
  process.on('message', (watch: Watch) => {
    follow(watch).then(send, (error) => send({ is: 'failed', reason: String(error) }))
  })
  // The parent is gone: nobody is left to measure for.
  process.once('disconnect', () => process.exit(0))
  send({ is: 'opened' })
}

async function follow({ library, key, old }: Watch): Promise<Report> {
  const reader = readers.get(library)
  if (reader === undefined) throw new Error(`no reader of ${library}`)
  for (let held = 0; held < primingReads; held++) {
    const value = await reader.fetch(key)
    if (value !== old) throw new Error(`${library} read ${value} instead of ${old}`)
    await turn()
  }
  send({ is: 'reading' })
  const giveUpNs = process.hrtime.bigint() + BigInt(changeMsMax) * 1_000_000n
  let lastOldNs = 0n
  while (true) {
    const invokedNs = process.hrtime.bigint()
    const value = await reader.fetch(key)
    if (value !== old) {
      return { is: 'changed', firstNewNs: String(invokedNs), lastOldNs: String(lastOldNs) }
    }
    if (invokedNs > giveUpNs) throw new Error(`${library} still reads ${old}`)
    lastOldNs = invokedNs
    await turn()
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

open().catch((error) => send({ is: 'failed', reason: String(error) }))
