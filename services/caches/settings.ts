/** Settings of the services that open a cache on the catalog. */
import { breakerSettingsText } from './breakers.ts'

export const cacheSettings = {
  /** How circuit breakers are set at the start: docs/reference-system/breakers.md. */
  BREAKERS: breakerSettingsText.default({}),
}
