/** A preloader on a cache in virtual time, and readers of its pages. */
import { onTestFinished } from 'vitest'
import {
  openPreloader,
  openWarmer,
  type PreloadedFamily,
  type Preloader,
  type PreloaderOptions,
  type Warmer,
  type WarmerOptions,
} from './index.ts'
import { openWarmWorld, type WarmWorld } from './warm-world.test-support.ts'

export interface PreloadWorld extends WarmWorld {
  readonly warmer: Warmer
  readonly preloader: Preloader
}

export const minuteMs = 60_000

export async function openPreloading(
  options: PreloaderOptions,
  given: WarmerOptions = {},
): Promise<PreloadWorld> {
  const world = await openWarmWorld()
  const warmer = openWarmer(world.cache, { clock: world.cache.clock, ...given })
  onTestFinished(() => warmer.close())
  const preloader = openPreloader(warmer, options)
  return { ...world, warmer, preloader }
}

/** So many reads of each page, one a second. */
export async function readPages(
  { cache }: PreloadWorld,
  pages: Readonly<Record<string, number>>,
): Promise<void> {
  for (const [name, times] of Object.entries(pages)) {
    for (let time = 0; time < times; time++) {
      const reading = cache.page.get(name)
      await cache.clock.advance(1_000)
      await reading
    }
  }
}

export function pagesOf({ preloader }: PreloadWorld): PreloadedFamily | undefined {
  return preloader.report().families.page
}
