/** A key of one family, made by `cache.market.key(id)`; nothing else builds key texts. */
export interface Key {
  /** Name of the family in the catalog. */
  readonly family: string
  /** The encoded key without the namespace, such as `api:positions:7`. */
  readonly text: string
}
