/** The drawings: one stroke, the colour of the text beside them, never the only sign. */
import type { JSX } from 'preact'

const paths = {
  overview: 'M2 9h4l2-6 3 11 2-5h1',
  families: 'M2 4h12M2 8h12M2 12h7',
  keys: 'M10.5 2.5a3 3 0 1 1-2.4 4.8L3 12.5V14h2v-1.5h1.5V11L9 8.5',
  invalidations: 'M9 1.5 3.5 9H8l-1 5.5L12.5 7H8z',
  doctor:
    'M3 2v4a3 3 0 0 0 6 0V2M6 9v2a3 3 0 0 0 6 0V9.5M12 9.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3',
  resilience: 'M8 1.5 13 3.5V8c0 3-2.2 5.3-5 6.5C5.2 13.3 3 11 3 8V3.5z',
  warming: 'M8 14a4 4 0 0 1-4-4c0-3 3-4 3-8 3 1.5 5 4.5 5 8a4 4 0 0 1-4 4z',
  services: 'M2.5 2.5h11v4h-11zM2.5 9.5h11v4h-11zM5 4.5h.1M5 11.5h.1',
  usage: 'M3 14V8M8 14V3M13 14v-4',
  redis: 'M2.5 4.5 8 2l5.5 2.5L8 7zM2.5 8 8 10.5 13.5 8M2.5 11.5 8 14l5.5-2.5',
  audit: 'M4 1.5h6L13 5v9.5H4zM6.5 7h4M6.5 9.5h4M6.5 12h2',
  settings: 'M2 5h6M11 5h3M2 11h3M8 11h6M9.5 3.5v3M6.5 9.5v3',
  ok: 'M3 8.5 6.5 12 13 4.5',
  warn: 'M8 2 14.5 13.5h-13zM8 6.5v3M8 11.5v.1',
  crit: 'M5.5 1.5h5l4 4v5l-4 4h-5l-4-4v-5zM8 5v3.5M8 11v.1',
  info: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13M8 7v4M8 4.8v.1',
  none: 'M4 8h8',
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9M10.5 10.5 14 14',
  pause: 'M5.5 3v10M10.5 3v10',
  play: 'M4.5 2.5v11l8.5-5.5z',
  sun: 'M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1',
  moon: 'M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7z',
  system: 'M8 1.5a6.5 6.5 0 1 1 0 13zM8 1.5a6.5 6.5 0 0 0 0 13',
  menu: 'M2 4h12M2 8h12M2 12h12',
  close: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  back: 'M10 3 5 8l5 5',
  up: 'M4 10l4-4 4 4',
  down: 'M4 6l4 4 4-4',
  table: 'M2 3h12v10H2zM2 6.5h12M6.5 3v10',
  chart: 'M2 2v12h12M4.5 10.5 7.5 7l2.5 2 4-5',
} as const

export type IconName = keyof typeof paths

export function Icon({ name, label }: { name: IconName; label?: string }): JSX.Element {
  return (
    <svg
      class={`icon icon-${name}`}
      viewBox="0 0 16 16"
      role={label === undefined ? undefined : 'img'}
      aria-label={label}
      aria-hidden={!label}
    >
      <path d={paths[name]} />
    </svg>
  )
}
