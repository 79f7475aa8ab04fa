/** Parts of a finding as one line of text; control characters of keys are shown, not obeyed. */
import { printable } from '../../base/printable.ts'
import type { Finding, Sample } from '../finding.ts'

export function titleOf({ title, subject }: Finding): string {
  return subject === undefined ? title : `${title}: ${printable(subject)}`
}

/** `usedPercent 93.1, maxMb 512`. */
export function valuesOf({ evidence }: Finding): string {
  return Object.entries(evidence.values)
    .map(([name, value]) => `${name} ${printable(String(value))}`)
    .join(', ')
}

/** Numbers, how sure they are, and where it stands. */
export function shownBy(finding: Finding): readonly string[] {
  const { sample, places = [] } = finding.evidence
  const values = valuesOf(finding)
  return [
    ...(values === '' ? [] : [values]),
    ...(sample ? [sampleText(sample)] : []),
    ...places.map(({ file, line }) => `${file}:${line}`),
  ]
}

/** `38 % ± 1 of keys (n = 10,000 of ≈ 4,100,000)`. */
export function sampleText({ share, low, high, sampled, of }: Sample): string {
  const percent = (value: number): string => `${(100 * value).toFixed(1).replace(/\.0$/, '')}`
  if (sampled >= of) return `${percent(share)} % of all ${count(of)} keys`
  const spread = percent((high - low) / 2)
  return `${percent(share)} % ± ${spread} of keys (n = ${count(sampled)} of ≈ ${count(of)})`
}

export function count(number: number): string {
  return number.toLocaleString('en-GB')
}
