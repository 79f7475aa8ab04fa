/** The platform's AbortSignal where there is one; core compiles without DOM and Node types. */
export type Signal = typeof globalThis extends { AbortSignal: { prototype: infer S } }
  ? S
  : { readonly aborted: boolean; readonly reason?: unknown }
