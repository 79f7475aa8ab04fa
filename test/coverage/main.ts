/**
 * `npm run coverage:prove`: shows that the tests of requirements can fail. Chosen edits are
 * applied to a copy of the checkout, one at a time; the named test must pass without its edit and
 * fail with it. Progress on stderr, the table on stdout; exits 1 when an edit went unnoticed, 2 on
 * wrong arguments.
 */
import { chosen, parseArguments, UsageError, usage } from './arguments.ts'
import { CheckoutCopy } from './copy.ts'
import type { CoverageEdit } from './edit.ts'
import { edits } from './edits/index.ts'
import { outcomeOf, type TestOutcome } from './one-test.ts'

interface Proof {
  readonly edit: CoverageEdit
  readonly without: TestOutcome
  readonly with: TestOutcome
}

process.exitCode = await main()

async function main(): Promise<number> {
  try {
    const words = parseArguments(process.argv.slice(2))
    if (words.wantsHelp) {
      console.log(usage)
      return 0
    }
    const tried = chosen(edits, words)
    if (tried.length === 0) throw new UsageError('there is no edit of such a requirement')
    return await prove(tried, words.seed)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    console.error(`${error.message}\n\n${usage}`)
    return 2
  }
}

async function prove(tried: readonly CoverageEdit[], seed: number): Promise<number> {
  const copy = CheckoutCopy.make()
  const proofs: Proof[] = []
  try {
    for (const edit of tried) {
      const { folder } = copy
      const without = await outcomeOf(folder, edit.caught)
      const outcome = await copy.during(edit, () => outcomeOf(folder, edit.caught))
      proofs.push({ edit, without, with: outcome })
      process.stderr.write(`${proofs.length} of ${tried.length}: ${line(proofs.at(-1))}\n`)
    }
  } finally {
    copy.remove()
  }
  const caught = proofs.filter(isCaught).length
  console.log(proofs.map(line).join('\n'))
  console.log(`seed ${seed}: ${caught} of ${proofs.length} edits were noticed`)
  return caught === proofs.length ? 0 : 1
}

function isCaught(proof: Proof): boolean {
  return proof.without === 'passed' && proof.with === 'failed'
}

function line(proof: Proof | undefined): string {
  if (proof === undefined) return ''
  const { row, loses, file, caught } = proof.edit
  const mark = isCaught(proof) ? '✓' : '✗'
  const seen = `${proof.without} without, ${proof.with} with the edit`
  const shown = `${mark} ${row.padEnd(3)} ${loses} (${file}): ${seen}`
  return `${shown}\n      ${caught.file} "${caught.test}"`
}
