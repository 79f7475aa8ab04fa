/** An error and those that it wraps, the outermost first. */
export const wrappedErrorsMax = 5

export function* errorChain(error: unknown): Generator<object> {
  let current = error
  for (let depth = 0; depth < wrappedErrorsMax; depth += 1) {
    if (typeof current !== 'object' || current === null) return
    yield current
    current = innerOf(current)
  }
}

/** grammY calls it `error`. */
function innerOf(outer: object): unknown {
  if ('cause' in outer && outer.cause !== undefined) return outer.cause
  return 'error' in outer ? outer.error : undefined
}
