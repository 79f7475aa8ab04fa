/**
 * Makes a failing plan smaller as long as it still fails: fewer operations, fewer faults. What
 * is left keeps its time, its process and its seed, so the rest of the run changes little.
 */
import type { Plan } from './plan.ts'

/** Runs, at most: a smaller plan is worth minutes, not hours. */
export const shrinkRunsMax = 400

export async function shrink(
  plan: Plan,
  fails: (smaller: Plan) => Promise<boolean>,
): Promise<Plan> {
  let runs = 0
  const stillFails = async (smaller: Plan) => runs++ < shrinkRunsMax && (await fails(smaller))
  let smallest = plan
  for (;;) {
    const before = smallest
    smallest = await fewer(smallest, 'operations', stillFails)
    smallest = await fewer(smallest, 'faults', stillFails)
    const isSame =
      smallest.operations.length === before.operations.length &&
      smallest.faults.length === before.faults.length
    if (isSame || runs >= shrinkRunsMax) return smallest
  }
}

/** Leaves out halves, then quarters, and so on down to single ones. */
async function fewer(
  plan: Plan,
  list: 'operations' | 'faults',
  stillFails: (smaller: Plan) => Promise<boolean>,
): Promise<Plan> {
  let smallest = plan
  let size = Math.ceil(plan[list].length / 2)
  while (size > 0) {
    for (let from = 0; from < smallest[list].length; ) {
      const without = [...smallest[list].slice(0, from), ...smallest[list].slice(from + size)]
      const candidate: Plan = { ...smallest, [list]: without }
      if (await stillFails(candidate)) smallest = candidate
      else from += size
    }
    size = size === 1 ? 0 : Math.ceil(size / 2)
  }
  return smallest
}
