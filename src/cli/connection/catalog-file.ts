/** The catalog that a module exports, loaded as the services load it. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Deferred } from '../../base/deferred.ts'
import type { Catalog, Families } from '../../core/catalog.ts'
import { StaleproofError } from '../../core/errors.ts'
import { systemClock } from '../../system.ts'

/** What a catalog imports may be much, and its first start slow. */
const loadMsMax = 30_000

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
  const names = [...catalogs.keys()].map((one) => `#${one}`).join(', ')
  throw new StaleproofError('SP_OPTION_INVALID', `the catalog in ${path}`, {
    expected: names === '' ? 'a module that exports what defineCatalog returns' : `one of ${names}`,
    received: names === '' ? 'one that exports none' : name && `#${name}`,
  })
}

function onlyOf(catalogs: ReadonlyMap<string, Catalog<Families>>): Catalog<Families> | undefined {
  const distinct = [...new Set(catalogs.values())]
  return distinct.length === 1 ? distinct[0] : undefined
}

async function exportsOf(file: string): Promise<object> {
  if (!existsSync(file)) throw unusable(file, 'a file that is there')
  try {
    const module = await loaded(file)
    return typeof module === 'object' && module !== null ? module : {}
  } catch (cause) {
    const hint = /\.tsx?$/.test(file) ? ', compiled, or run by a loader such as tsx' : ''
    throw unusable(file, `a JavaScript module that loads${hint}`, cause)
  }
}

/** What it waits for may never come, and then Node would end without a word. */
async function loaded(file: string): Promise<unknown> {
  const late = new Deferred<never>()
  const message = `one that is not loaded within ${loadMsMax / 1_000} s`
  const timer = systemClock.timer(loadMsMax, () => late.reject(new Error(message)))
  try {
    return await Promise.race([import(pathToFileURL(resolve(file)).href), late.promise])
  } finally {
    timer.cancel()
  }
}

function unusable(file: string, expected: string, cause?: unknown): StaleproofError {
  const received = cause === undefined ? 'no such file' : String(cause)
  const details = { expected, received, cause }
  return new StaleproofError('SP_OPTION_INVALID', `the catalog in ${file}`, details)
}

/** By its shape, because the service's copy of the package is another one. */
function isCatalog(value: unknown): value is Catalog<Families> {
  if (typeof value !== 'object' || value === null) return false
  if (!('compiled' in value && 'parse' in value && 'families' in value)) return false
  return typeof value.parse === 'function' && value.compiled instanceof Map
}
