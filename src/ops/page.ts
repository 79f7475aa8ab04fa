/**
 * The files of the page, from the folder that the build makes. They hold no data, so that whoever
 * has no session yet can be asked for a token. Every address in them is relative: a prefix that
 * a proxy or a framework puts in front needs no configuration.
 */
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Beside the library, whether it runs from `src` or from `dist`. */
export const pageFolder: string = fileURLToPath(new URL('../../dist/dashboard/', import.meta.url))

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}
/** One folder deep at most, and no name that begins with a dot. */
const fileName = /^(?:assets\/)?\w[\w-]*(?:\.[\w-]+)+$/
const immutable = 'public, max-age=31536000, immutable'

/** `path` is what follows `/dashboard/`. Undefined: there is no such file. */
export async function pageFile(folder: string, path: string): Promise<Response | undefined> {
  const name = path === '' ? 'index.html' : path
  const type = types[extname(name)]
  if (type === undefined || !fileName.test(name)) return undefined
  const content = await readFile(join(folder, name)).catch(ifMissing)
  if (content === undefined) return undefined
  // Names of assets carry the hash of their content.
  const kept = name.startsWith('assets/') ? immutable : 'no-store'
  const headers = { 'content-type': type, 'cache-control': kept }
  return new Response(new Uint8Array(content), { headers })
}

function ifMissing(error: unknown): undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined
  throw error
}
