/** Where the reader is: everything that a link should carry stands behind the `#`. */
import { signal } from '@preact/signals'

export interface Route {
  readonly page: string
  /** What of the page: the name of a family. */
  readonly item: string | undefined
  readonly query: Readonly<Record<string, string>>
}

export const route = signal<Route>(parseRoute(location.hash))

/** Follows the address from now on; call once. */
export function startRoute(): void {
  addEventListener('hashchange', () => {
    route.value = parseRoute(location.hash)
  })
}

function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2)
  const [page = '', item] = path.split('/', 2)
  return {
    page: page || 'overview',
    item: item === undefined || item === '' ? undefined : decode(item),
    query: Object.fromEntries(new URLSearchParams(query)),
  }
}

/** An address inside the page; the range of time goes along. */
export function linkTo(page: string, item?: string, query: Record<string, string> = {}): string {
  const { range } = route.value.query
  const all = new URLSearchParams({ ...(range === undefined ? {} : { range }), ...query })
  const path = item === undefined ? page : `${page}/${encodeURIComponent(item)}`
  return `#/${path}${all.size === 0 ? '' : `?${all}`}`
}

export function go(address: string): void {
  location.hash = address
}

/** Changes what is asked of the page in place; no new step to go back to. */
export function setQuery(change: Readonly<Record<string, string | undefined>>): void {
  const { page, item, query } = route.value
  const kept = Object.entries({ ...query, ...change }).filter(
    (pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '',
  )
  const path = item === undefined ? page : `${page}/${encodeURIComponent(item)}`
  const text = kept.length === 0 ? '' : `?${new URLSearchParams(kept)}`
  history.replaceState(null, '', `#/${path}${text}`)
  route.value = parseRoute(location.hash)
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
