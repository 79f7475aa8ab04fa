/** The cache as its users hold it: the methods of the whole, joined with a handle per family. */
import type { Cache, CacheMethods } from '../core/cache.ts'
import type { Families } from '../core/catalog.ts'
import { handleOf } from './handle.ts'
import type { RuntimeCache } from './runtime-cache.ts'

/** `onClose` is called when somebody closes it, before it closes. */
export function withHandles<F extends Families>(
  cache: RuntimeCache,
  onClose: () => void,
): Cache<F> {
  const close = () => {
    onClose()
    return cache.close()
  }
  const methods: CacheMethods = {
    invalidate: (keys, options) => cache.invalidate(keys, options),
    mutate: cache.mutate.bind(cache),
    lock: (name, options, work) => cache.lock(name, options, work),
    invalidateTag: (tags, options) => cache.invalidateTag(tags, options),
    invalidatePattern: (pattern, options) => cache.invalidatePattern(pattern, options),
    clear: (options) => cache.clear(options),
    limiter: (name, options) => cache.limiter(name, options),
    configureBreaker: (name, options) => cache.configureBreaker(name, options),
    debounce: (options) => cache.debounce(options),
    observe: (observer) => cache.observe(observer),
    keys: (options) => cache.keys(options),
    explain: (key) => cache.explain(key),
    about: () => cache.about(),
    stats: () => cache.stats(),
    health: () => cache.health(),
    pending: () => cache.pending(),
    settled: () => cache.settled(),
    close,
    family: (name) => cache.family(name),
    [Symbol.asyncDispose]: close,
  }
  const handles: Record<string, unknown> = {}
  for (const family of cache.families.values()) {
    handles[family.name] = handleOf(family, cache.view(family.name))
  }
  // The catalog's type says which handle each name has; names of methods were refused there.
  return Object.freeze({ ...methods, ...handles }) as Cache<F>
}
