/**
 * Lets `node --import <this file>` run our TypeScript from source: Node 20 can't, and a build
 * before each test run would cost seconds and fail on anybody's type error. Types are stripped
 * by the transform that Vite ships (rolldown), in a millisecond per file; nothing is checked.
 *
 * JavaScript, because it is what makes TypeScript loadable. Loaded twice: once in the process
 * that is being started, where it registers itself, and once as the hooks.
 */
import { readFile } from 'node:fs/promises'
import { createRequire, register } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { isMainThread } from 'node:worker_threads'

/** @type {Promise<typeof import('rolldown/utils')> | undefined} */
let utilities

// Hooks run on a thread of their own, where registering again would never end.
if (isMainThread) register(import.meta.url)

/** The `load` hook: strips the types of `.ts` files, leaves the rest to Node. */
export async function load(url, context, nextLoad) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return nextLoad(url, context)
  utilities ??= loadUtilities()
  const { transformSync } = await utilities
  const path = fileURLToPath(url)
  const { code, map, errors } = transformSync(path, await readFile(path, 'utf8'), {
    lang: 'ts',
    sourceType: 'module',
    sourcemap: true,
    tsconfig: false,
    typescript: { onlyRemoveTypeImports: true },
  })
  if (errors.length > 0) throw new SyntaxError(`${path}: ${errors[0].message}`)
  const inlineMap = Buffer.from(JSON.stringify(map)).toString('base64')
  const comment = `//# sourceMappingURL=data:application/json;base64,${inlineMap}`
  return { format: 'module', source: `${code}\n${comment}`, shortCircuit: true }
}

/** rolldown is Vite's dependency, not ours: it is found from where Vite is. */
function loadUtilities() {
  const fromVite = createRequire(createRequire(import.meta.url).resolve('vite/package.json'))
  return import(pathToFileURL(fromVite.resolve('rolldown/utils')).href)
}
