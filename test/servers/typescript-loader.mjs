/**
 * Lets `node --import <this file>` run our TypeScript from source: Node 20 can't, and a build
 * before each test run would cost seconds and fail on anybody's type error. Types are stripped
 * by the transform that Vite ships (rolldown), in a millisecond per file; nothing is checked.
 * A run of tests starts hundreds of processes, so what was stripped is kept, by its content.
 *
 * JavaScript, because it is what makes TypeScript loadable. Loaded twice: once in the process
 * that is being started, where it registers itself, and once as the hooks.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire, register } from 'node:module'
import { basename } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { isMainThread } from 'node:worker_threads'

/** The global setup of the tests forgets what is old: see `stripped.ts`. */
const kept = fileURLToPath(new URL('../../.build/stripped/', import.meta.url))
/** Part of every name: what an earlier version of this file has kept is not found. */
const version = 1

/** @type {Promise<typeof import('rolldown/utils')> | undefined} */
let utilities

// Hooks run on a thread of their own, where registering again would never end.
if (isMainThread) register(import.meta.url)

/** The `load` hook: strips the types of `.ts` files, leaves the rest to Node. */
export async function load(url, context, nextLoad) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return nextLoad(url, context)
  const path = fileURLToPath(url)
  const text = readFileSync(path, 'utf8')
  // Copies of one file share it: the map names the source beside the module.
  const hash = createHash('sha1').update(`${version} ${basename(path)}\n${text}`)
  const place = `${kept}${hash.digest('hex')}.js`
  const source = keptAt(place) ?? keep(place, await strip(path, text))
  return { format: 'module', source, shortCircuit: true }
}

async function strip(path, text) {
  utilities ??= loadUtilities()
  const { transformSync } = await utilities
  const { code, map, errors } = transformSync(path, text, {
    lang: 'ts',
    sourceType: 'module',
    sourcemap: true,
    tsconfig: false,
    typescript: { onlyRemoveTypeImports: true },
  })
  if (errors.length > 0) throw new SyntaxError(`${path}: ${errors[0].message}`)
  // The source itself is on disk; each start of a process would parse it with the map.
  const lines = { version: 3, sources: [basename(path)], names: [], mappings: map.mappings }
  const inlineMap = Buffer.from(JSON.stringify(lines)).toString('base64')
  return `${code}\n//# sourceMappingURL=data:application/json;base64,${inlineMap}`
}

function keptAt(place) {
  try {
    return readFileSync(place, 'utf8')
  } catch {
    return undefined
  }
}

/** Whole or not at all: another process may be reading. */
function keep(place, source) {
  const unfinished = `${place}.${process.pid}`
  mkdirSync(kept, { recursive: true })
  writeFileSync(unfinished, source)
  renameSync(unfinished, place)
  return source
}

/** rolldown is Vite's dependency, not ours: it is found from where Vite is. */
function loadUtilities() {
  const fromVite = createRequire(createRequire(import.meta.url).resolve('vite/package.json'))
  return import(pathToFileURL(fromVite.resolve('rolldown/utils')).href)
}
