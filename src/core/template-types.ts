/**
 * Templates at type level: `'api:positions:{userId:int}'` → the id `number`.
 * What types can't see (braces, clashes, forbidden text) `template.ts` checks at run time.
 */

interface ParamTypes {
  string: string
  int: number
}
type Param<P extends string> = P extends `${infer N}:${infer K}` ? [N, K] : [P, 'string']
type Params<
  T extends string,
  Acc extends [string, string][] = [],
> = T extends `${string}{${infer P}}${infer Rest}` ? Params<Rest, [...Acc, Param<P>]> : Acc
type TypeOf<K extends string> = K extends keyof ParamTypes ? ParamTypes[K] : never
type Fields<P extends [string, string]> = { readonly [E in P as E[0]]: TypeOf<E[1]> } & {}

/** `undefined` for no parameter, the bare value for one, an object for several. */
export type IdOf<T extends string> =
  Params<T> extends infer P extends [string, string][]
    ? P extends []
      ? undefined
      : P extends [[string, infer K extends string]]
        ? TypeOf<K>
        : Fields<P[number]>
    : never

/** All parameters by name, whatever their number; what `pattern` takes parts of. */
export type FieldsOf<T extends string> =
  Params<T> extends infer P extends [string, string][] ? Fields<P[number]> : never

type Names<P extends [string, string][]> = { [I in keyof P]: P[I][0] }
type Repeated<N extends unknown[]> = N extends [infer H, ...infer R]
  ? H extends R[number]
    ? H
    : Repeated<R>
  : never

/** The template itself, or a sentence that says what is wrong with it. */
export type CheckedTemplate<T extends string> = string extends T
  ? 'a key template must be a literal string'
  : Params<T> extends infer P extends [string, string][]
    ? P[number][1] extends keyof ParamTypes
      ? '' extends P[number][0]
        ? 'a parameter needs a name'
        : [Repeated<Names<P>>] extends [never]
          ? T
          : `parameter {${Repeated<Names<P>> & string}} appears twice`
      : `unknown parameter type :${Exclude<P[number][1], keyof ParamTypes>}`
    : never

/** `[]` or `[id]`: what opens every signature about one key. */
export type IdArgs<Id> = [Id] extends [undefined] ? [] : [id: Id]
