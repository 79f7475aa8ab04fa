/** Callers side by side, each asking anew as soon as it has its answer. */

/** Resolves with how many of the steps gave true. `step` gets the number of the operation. */
export async function inLanes(
  lanes: number,
  operations: number,
  step: (operation: number) => Promise<boolean>,
): Promise<number> {
  let [next, good] = [0, 0]
  const lane = async () => {
    while (next < operations) if (await step(next++)) good++
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return good
}
