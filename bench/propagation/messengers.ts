/**
 * What is opened in the process that invalidates and in the one that reads, alike. The
 * truth is a key of Redis that no library knows, `truth:<key>`; the source reads it.
 */
import { ourMessengers, peerMessengers } from '../libraries/index.ts'
import type { LibraryOptions, OpenedLibrary } from '../libraries/library.ts'

export const messengers = [...ourMessengers, ...peerMessengers]

/** By name, each in a name space of its own. */
export async function openMessengers(
  options: Omit<LibraryOptions, 'tiers'>,
): Promise<ReadonlyMap<string, OpenedLibrary>> {
  const opened = new Map<string, OpenedLibrary>()
  for (const [index, library] of messengers.entries()) {
    const namespace = `${options.namespace}-${index}`
    opened.set(library.name, await library.open({ ...options, namespace, tiers: 'both' }))
  }
  return opened
}
