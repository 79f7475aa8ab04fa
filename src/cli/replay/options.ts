/** The options of `replay`: from the command line, checked once. */
import { StaleproofError } from '../../core/errors.ts'

export interface ReplayOptions {
  readonly files: readonly string[]
  /** Sizes of the cache, each as a share of the distinct keys of a trace. */
  readonly fractions: readonly number[]
  readonly isJson: boolean
  /** True: miss-ratio curves, exact and as a cache in use would estimate them. */
  readonly hasCurve: boolean
  /** True: what a predictor would gain. */
  readonly hasPredictions: boolean
}

type Flags = Readonly<Record<string, unknown>>

const filesMax = 64
const fractionsMax = 16
const fractionsDefault = [0.001, 0.01, 0.1]
const fractionExpected = 'shares of the distinct keys over 0 and up to 1, such as 0.001,0.01,0.1'

/** Throws `SP_OPTION_INVALID` for what can not be meant. */
export function replayOptions(files: readonly string[], flags: Flags): ReplayOptions {
  if (files.length === 0) throw invalid('TRACE', 'at least one file')
  if (files.length > filesMax) {
    throw invalid('TRACE', `at most ${filesMax} files`, String(files.length))
  }
  const fractions = fractionsIn(flags.fraction)
  return {
    files,
    fractions,
    isJson: flags.json === true,
    hasCurve: flags.curve === true,
    hasPredictions: flags.predict === true,
  }
}

function fractionsIn(value: unknown): readonly number[] {
  if (value === undefined) return fractionsDefault
  const texts = String(value).split(',')
  if (texts.length > fractionsMax) {
    throw invalid('--fraction', `at most ${fractionsMax} of them`, String(texts.length))
  }
  return texts.map((text) => {
    const fraction = text.trim() === '' ? Number.NaN : Number(text)
    if (fraction > 0 && fraction <= 1) return fraction
    throw invalid('--fraction', fractionExpected, text)
  })
}

function invalid(name: string, expected: string, received?: string): StaleproofError {
  const details = { expected, received }
  return new StaleproofError('SP_OPTION_INVALID', `replay: ${name}`, details)
}
