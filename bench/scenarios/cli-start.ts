/**
 * What the command adds to the start of Node: without a command, and for one that needs no
 * server. Runs are interleaved with those of `node -e 0`, so that what disturbs one disturbs all.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { medianOf, spreadOf } from '../statistics.ts'
import { barOf, type Study } from '../study.ts'

const rounds = { full: 31, quick: 9 }
const addedMsMax = 80
const main = fileURLToPath(new URL('cli/main.js', import.meta.resolve('staleproof')))
const empty = 'node -e 0'
const runs: Readonly<Record<string, readonly string[]>> = {
  [empty]: ['-e', '0'],
  'staleproof --version': [main, '--version'],
  'staleproof keys --help': [main, 'keys', '--help'],
  'staleproof explain SP_CLOSED': [main, 'explain', 'SP_CLOSED'],
}

export const cliStart: Study = {
  name: 'cli-start',
  needsOwnRedis: false,
  async study(_stage, isQuick) {
    const ms = new Map<string, number[]>(Object.keys(runs).map((name) => [name, []]))
    for (let round = 0; round < (isQuick ? rounds.quick : rounds.full); round++) {
      for (const [name, words] of Object.entries(runs)) ms.get(name)?.push(msOf(words))
    }
    const found = [...ms]
    const emptyMs = ms.get(empty) ?? []
    return {
      title: 'The start of the command',
      method: 'wall time of a process, interleaved; added: between the runs least disturbed',
      columns: ['ms', 'added ms'],
      rows: found.map(([name, own]) => {
        return { name, figures: [medianOf(own), addedTo(emptyMs, own)], spread: spreadOf(own) }
      }),
      bars: found
        .filter(([name]) => name !== empty)
        .map(([name, own]) =>
          barOf(`${name}, ms added to Node`, addedTo(emptyMs, own), addedMsMax),
        ),
    }
  },
}

/** Of the quickest of each, because whatever else runs here only ever adds. */
function addedTo(emptyMs: readonly number[], own: readonly number[]): number {
  return Math.min(...own) - Math.min(...emptyMs)
}

function msOf(words: readonly string[]): number {
  const startedMs = performance.now()
  const { status, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${words.join(' ')} has failed: ${stderr}`)
  return performance.now() - startedMs
}
