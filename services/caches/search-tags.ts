/**
 * What an import of markets changes for searches. Any result may change when a market opens, closes
 * or is renamed: a new one may belong to any query. What is traded in it is no text.
 */
import { searchableTag } from '../domain/search.ts'

export interface SearchedChange {
  readonly changesSearch: boolean
}

export function searchTags(changes: readonly SearchedChange[]): string[] {
  return changes.some((change) => change.changesSearch) ? [searchableTag] : []
}
