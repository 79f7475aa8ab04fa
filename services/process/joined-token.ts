/** The token of a write that was told in several parts. */
import { joinTokens } from 'staleproof'

/** `undefined` where no part has one: nothing was told, or nothing could be. */
export function joinedToken(tokens: readonly (string | undefined)[]): string | undefined {
  const known = tokens.filter((token) => token !== undefined)
  return known.length === 0 ? undefined : joinTokens(known)
}
