/** The pages: their names, letters and code, which is fetched when it is first looked at. */
import type { ComponentType } from 'preact'
import { Overview } from '../pages/overview.tsx'
import type { IconName } from '../parts/icon.tsx'

export interface PageEntry {
  readonly name: string
  readonly title: string
  /** After `g`. */
  readonly letter: string
  readonly icon: IconName
  readonly load: () => Promise<ComponentType> | ComponentType
}

export const pages: readonly PageEntry[] = [
  { name: 'overview', title: 'Overview', letter: 'o', icon: 'overview', load: () => Overview },
  {
    name: 'families',
    title: 'Families',
    letter: 'f',
    icon: 'families',
    load: async () => (await import('../pages/families.tsx')).Families,
  },
  {
    name: 'keys',
    title: 'Keys',
    letter: 'k',
    icon: 'keys',
    load: async () => (await import('../pages/keys.tsx')).Keys,
  },
  {
    name: 'invalidations',
    title: 'Invalidations',
    letter: 'i',
    icon: 'invalidations',
    load: async () => (await import('../pages/invalidations.tsx')).Invalidations,
  },
  {
    name: 'doctor',
    title: 'Doctor',
    letter: 'd',
    icon: 'doctor',
    load: async () => (await import('../pages/doctor.tsx')).Doctor,
  },
  {
    name: 'resilience',
    title: 'Resilience',
    letter: 'r',
    icon: 'resilience',
    load: async () => (await import('../pages/resilience.tsx')).Resilience,
  },
  {
    name: 'warming',
    title: 'Warming',
    letter: 'w',
    icon: 'warming',
    load: async () => (await import('../pages/warming.tsx')).Warming,
  },
  {
    name: 'services',
    title: 'Services',
    letter: 's',
    icon: 'services',
    load: async () => (await import('../pages/services.tsx')).Services,
  },
  {
    name: 'usage',
    title: 'Usage',
    letter: 'u',
    icon: 'usage',
    load: async () => (await import('../pages/usage.tsx')).Usage,
  },
  {
    name: 'redis',
    title: 'Redis',
    letter: 'm',
    icon: 'redis',
    load: async () => (await import('../pages/redis.tsx')).Redis,
  },
  {
    name: 'audit',
    title: 'Audit',
    letter: 'a',
    icon: 'audit',
    load: async () => (await import('../pages/audit.tsx')).Audit,
  },
  {
    name: 'settings',
    title: 'Settings',
    letter: ',',
    icon: 'settings',
    load: async () => (await import('../pages/settings.tsx')).Settings,
  },
]
