/** What happened in the database, the same from triggers and from the log of the server. */
import type { RowText } from './columns.ts'

export type Change =
  | {
      readonly kind: 'row'
      /** Such as `public.positions`. */
      readonly table: string
      /** As it was (UPDATE, DELETE) and as it is (INSERT, UPDATE). */
      readonly rows: readonly RowText[]
    }
  /** Rows of the table are not known: it was truncated, or too many have changed. */
  | { readonly kind: 'table'; readonly table: string }
  /** Changes may have been lost. */
  | { readonly kind: 'everything' }
