/** What the memory of a service hits at its size, and would at another one: pure. */
import type { SizePoint } from '../../core/contracts/memory.ts'
import type { ProcessFacts } from '../../observe/index.ts'

export interface ServiceSize {
  readonly service: string
  readonly processes: number
  /** Of the fullest process. */
  readonly usedBytes: number
  readonly bytesMax: number
  /** Of uses of its families, by the curve. */
  readonly hitRatio: number | undefined
  readonly asked: SizePoint | undefined
  /** Of the process that knows most, by rising size. */
  readonly curve: readonly SizePoint[]
}

/** In the order of names. */
export function sizesOf(
  processes: readonly ProcessFacts[],
  askedBytes: number | undefined,
): readonly ServiceSize[] {
  const names = [...new Set(processes.map(({ service }) => service))].sort()
  return names.map((service) => {
    const own = processes.filter((one) => one.service === service)
    const memories = own.map(({ stats }) => stats.memory)
    const curve = memories.map(({ sizing }) => sizing?.curve ?? []).reduce(longer, [])
    const bytesMax = Math.max(...memories.map((memory) => memory.bytesMax))
    const hitRatio = hitRatioAt(curve, askedBytes ?? bytesMax)
    return {
      service,
      processes: own.length,
      usedBytes: Math.max(...memories.map(({ bytes }) => bytes)),
      bytesMax,
      hitRatio: hitRatioAt(curve, bytesMax),
      asked:
        askedBytes === undefined || hitRatio === undefined
          ? undefined
          : { bytes: askedBytes, hitRatio },
      curve,
    }
  })
}

/** Between two points of the curve on the line through them; beyond its ends as at them. */
export function hitRatioAt(curve: readonly SizePoint[], bytes: number): number | undefined {
  const above = curve.findIndex((point) => point.bytes >= bytes)
  if (above < 0) return curve.at(-1)?.hitRatio
  const [low, high] = [curve[above - 1], curve[above]]
  if (low === undefined || high === undefined) return high?.hitRatio
  const share = (bytes - low.bytes) / (high.bytes - low.bytes)
  return low.hitRatio + share * (high.hitRatio - low.hitRatio)
}

function longer(one: readonly SizePoint[], other: readonly SizePoint[]): readonly SizePoint[] {
  return other.length > one.length ? other : one
}
