/**
 * The process that reads. It holds a reader of every library, and is told by its parent
 * which key to watch: it reads until the value has changed, as fast as it can, with a turn
 * of the event loop between two reads so that messages come in.
 */
import { fileURLToPath } from 'node:url'
import { loadPeers } from '../peers.ts'
import type { Reader } from './pair.ts'
import { pairs } from './pairs.ts'
import { openTruth } from './truth.ts'

/** From the parent. */
export interface Watch {
  readonly pair: string
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
const readers = new Map<string, Reader>()

async function open(): Promise<void> {
  const folder = fileURLToPath(new URL('../../../bench/peers', import.meta.url))
  const peers = await loadPeers(folder, () => {})
  const truth = openTruth(redisUrl, namespace)
  for (const [index, pair] of pairs.entries()) {
    const options = { redisUrl, namespace: `${namespace}-${index}`, peers, load: truth.load }
    readers.set(pair.name, await pair.openReader(options))
  }
  process.on('message', (watch: Watch) => {
    follow(watch).then(send, (error) => send({ is: 'failed', reason: String(error) }))
  })
  // The parent is gone: nobody is left to measure for.
  process.once('disconnect', () => process.exit(0))
  send({ is: 'opened' })
}

async function follow({ pair, key, old }: Watch): Promise<Report> {
  const reader = readers.get(pair)
  if (reader === undefined) throw new Error(`no reader of ${pair}`)
  for (let held = 0; held < primingReads; held++) {
    const value = await reader.read(key)
    if (value !== old) throw new Error(`${pair} read ${value} instead of ${old}`)
    await turn()
  }
  send({ is: 'reading' })
  const giveUpNs = process.hrtime.bigint() + BigInt(changeMsMax) * 1_000_000n
  let lastOldNs = 0n
  while (true) {
    const invokedNs = process.hrtime.bigint()
    const value = await reader.read(key)
    if (value !== old) {
      return { is: 'changed', firstNewNs: String(invokedNs), lastOldNs: String(lastOldNs) }
    }
    if (invokedNs > giveUpNs) throw new Error(`${pair} still reads ${old}`)
    lastOldNs = invokedNs
    await turn()
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

open().catch((error) => send({ is: 'failed', reason: String(error) }))
