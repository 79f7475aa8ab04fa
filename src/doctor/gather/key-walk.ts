/**
 * Names of keys, a batch at a time, each once. One server is walked by SCAN: its order is
 * that of a hash with a seed of its own, so a part of the walk is a fair sample. A node of a
 * cluster may walk slot by slot, where a part is not; of it, unless all of it is wanted, keys
 * are drawn by RANDOMKEY. Slots drawn at random would miss caches that keep all in a few.
 */
import { type Inspection, isList, listOf, numberOf, textOf } from '../../inspect/index.ts'

/** About one pipeline of keys: a longer step is a longer wait for everybody else. */
const scanCount = 20
/** Steps of one `next`: a server that was emptied has many that find nothing. */
const scansMax = 10
/** Draws that gave nothing new, after which there is nothing more to be had. */
const drawsInVainMax = 1_000

export interface KeyWalk {
  /** Undefined: the end. Empty: a bounded number of steps has found none. */
  next(size: number): Promise<readonly Buffer[] | undefined>
  /** Every key was seen. */
  readonly isComplete: boolean
}

export class ScanWalk implements KeyWalk {
  readonly #inspection: Pick<Inspection, 'callBytes'>
  readonly #seen = new Set<string>()
  #waiting: Buffer[] = []
  #cursor = '0'
  #isBegun = false

  constructor(inspection: Pick<Inspection, 'callBytes'>) {
    this.#inspection = inspection
  }

  get isComplete(): boolean {
    return this.#isRound && this.#waiting.length === 0
  }

  get #isRound(): boolean {
    return this.#isBegun && this.#cursor === '0'
  }

  async next(size: number): Promise<readonly Buffer[] | undefined> {
    if (this.isComplete) return undefined
    for (let scans = 0; scans < scansMax; scans++) {
      if (this.#isRound || this.#waiting.length >= size) break
      const reply = await this.#inspection.callBytes('scan', this.#cursor, 'count', scanCount)
      const [cursor, names] = listOf(reply)
      this.#isBegun = true
      this.#cursor = textOf(cursor) ?? '0'
      this.#waiting.push(...newOnes(names, this.#seen))
    }
    return this.#waiting.splice(0, size)
  }
}

export class RandomWalk implements KeyWalk {
  readonly isComplete = false
  readonly #inspection: Pick<Inspection, 'pipelineBytes'>
  readonly #seen = new Set<string>()
  #inVain = 0

  constructor(inspection: Pick<Inspection, 'pipelineBytes'>) {
    this.#inspection = inspection
  }

  async next(size: number): Promise<readonly Buffer[] | undefined> {
    if (this.#inVain >= drawsInVainMax) return undefined
    const draws = Array.from({ length: size }, () => ['randomkey'] as const)
    const answers = await this.#inspection.pipelineBytes(draws)
    const names = answers.map((answer) => {
      if ('error' in answer) throw answer.error
      return answer.reply
    })
    const found = newOnes(names, this.#seen)
    if (found.length === 0) this.#inVain += size
    return found
  }
}

/** Keys of the database. */
export async function keysOf(inspection: Inspection): Promise<number> {
  return numberOf(await inspection.call('dbsize')) ?? 0
}

/** A name may have any bytes. */
function newOnes(names: unknown, seen: Set<string>): Buffer[] {
  if (!isList(names)) return []
  return names.filter(Buffer.isBuffer).filter((name) => {
    const text = name.toString('latin1')
    if (seen.has(text)) return false
    seen.add(text)
    return true
  })
}
