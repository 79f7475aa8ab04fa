/**
 * Every write of this service: which tables it may change, and so which families it tells. Rows of
 * other tables are refused, so that `docs/reference-system/products.md` shows what really happens.
 */
import {
  importJobsTable,
  mappingsTable,
  mediaTable,
  productsTable,
  settingsTable,
} from './changes.ts'

export interface Write {
  /** What logs and messages carry. */
  readonly reason: string
  readonly tables: readonly string[]
}

export const productSaved: Write = { reason: 'product_saved', tables: [productsTable] }
export const productDeleted: Write = {
  reason: 'product_deleted',
  tables: [productsTable, mediaTable],
}
export const mediaAdded: Write = { reason: 'media_added', tables: [mediaTable] }
export const mediaDeleted: Write = { reason: 'media_deleted', tables: [mediaTable] }
export const mappingEntered: Write = { reason: 'mapping_entered', tables: [mappingsTable] }
export const settingsChanged: Write = { reason: 'settings_changed', tables: [settingsTable] }
export const importOrdered: Write = { reason: 'import_ordered', tables: [importJobsTable] }
export const importClaimed: Write = { reason: 'import_claimed', tables: [importJobsTable] }
export const importGivenBack: Write = { reason: 'import_given_back', tables: [importJobsTable] }
export const importEnded: Write = { reason: 'import_ended', tables: [importJobsTable] }
/** A part of an import: too many rows to name, so the domains that they fill are cleared. */
export const productsImported: Write = {
  reason: 'products_imported',
  tables: [productsTable, mediaTable, mappingsTable, importJobsTable],
}
