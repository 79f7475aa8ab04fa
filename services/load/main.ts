/**
 * `npm run load`: drives the system with the mix of `mix.json` and says what it measured and
 * whether that is good enough. Progress on stderr, the result on stdout; exits 1 where a bar is
 * missed or the run says nothing, 2 on wrong arguments.
 */
import { parseArguments, UsageError, usage } from './arguments.ts'
import { measure, type Result } from './measure.ts'
import { readMix } from './mix.ts'
import { barLines, reportLines } from './text.ts'

process.exitCode = await main().catch((error: unknown) => {
  console.error(error)
  return 1
})
// A part that holds a socket to us must not keep this process alive once all has ended.
process.exit()

async function main(): Promise<number> {
  try {
    const words = parseArguments(process.argv.slice(2))
    if (words.wantsHelp) {
      console.log(usage)
      return 0
    }
    const onProgress = (text: string) => process.stderr.write(`load: ${text}\n`)
    return tell(await measure({ words, mix: readMix(), onProgress }), words.isJson)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    console.error(`${error.message}\n\n${usage}`)
    return 2
  }
}

function tell(result: Result, isJson: boolean): number {
  const isPassed = result.isValid && result.bars.every(({ isMet }) => isMet === true)
  const text = isJson ? JSON.stringify({ ...result, isPassed }) : textOf(result, isPassed)
  console.log(text)
  return isPassed ? 0 : 1
}

function textOf({ reports, bars, isValid }: Result, isPassed: boolean): string {
  const parts = Object.entries(reports).map(([name, report]) => [name, ...reportLines(report), ''])
  const verdict = isPassed ? 'passed' : 'failed'
  const said = isValid ? verdict : 'invalid: the generator was late, so the system is not judged'
  return [...parts.flat(), ...barLines(bars), said].join('\n')
}
