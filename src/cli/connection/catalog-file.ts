/** The catalog that a module exports, loaded as the services load it. */
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Catalog, Families } from '../../core/catalog.ts'
import { StaleproofError } from '../../core/errors.ts'

/** `file` or `file#export`. Rejects with `SP_OPTION_INVALID`. */
export async function catalogIn(path: string): Promise<Catalog<Families>> {
  const at = path.lastIndexOf('#')
  const [file, name] = at < 0 ? [path, undefined] : [path.slice(0, at), path.slice(at + 1)]
  const exported = await exportsOf(file)
  const catalogs = new Map(
    Object.entries(exported).filter((entry): entry is [string, Catalog<Families>] =>
      isCatalog(entry[1]),
    ),
  )
  const found = name === undefined ? onlyOf(catalogs) : catalogs.get(name)
  if (found !== undefined) return found
  const names = [...new Set(catalogs.keys())].join(', ')
  throw new StaleproofError('SP_OPTION_INVALID', `the catalog in ${path}`, {
    expected: catalogs.size === 0 ? 'a module that exports what defineCatalog returns' : '#NAME',
    received: catalogs.size === 0 ? 'one that exports none' : `one with ${names}`,
  })
}

function onlyOf(catalogs: ReadonlyMap<string, Catalog<Families>>): Catalog<Families> | undefined {
  const distinct = [...new Set(catalogs.values())]
  return distinct.length === 1 ? distinct[0] : undefined
}

async function exportsOf(file: string): Promise<object> {
  try {
    const module: unknown = await import(pathToFileURL(resolve(file)).href)
    return typeof module === 'object' && module !== null ? module : {}
  } catch (cause) {
    const received = cause instanceof Error ? cause.message : String(cause)
    const hint = /\.tsx?$/.test(file) ? ', compiled, or run by a loader such as tsx' : ''
    throw new StaleproofError('SP_OPTION_INVALID', `the catalog in ${file}`, {
      expected: `a JavaScript module${hint}`,
      received,
      cause,
    })
  }
}

/** By its shape, because the service's copy of the package is another one. */
function isCatalog(value: unknown): value is Catalog<Families> {
  if (typeof value !== 'object' || value === null) return false
  if (!('compiled' in value && 'parse' in value && 'families' in value)) return false
  return typeof value.parse === 'function' && value.compiled instanceof Map
}
