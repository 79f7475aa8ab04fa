/**
 * The health of one source, a closed union with one transition function:
 *
 *            enabled             started            data
 *     off ────────────▶ resting ────────▶ down ──────────────▶ up
 *      ▲                   ▲                ▲  failed, silent   │
 *      │                   │                └───────────────────┤
 *      │                   └──────────── rested ────────────────┤
 *      └──────────────────────────────── disabled ──────────────┘
 *
 * What is down is given up after a while, not at once: a connection that comes straight back
 * is no reason to change the source. Silence has been waited for already.
 */
export type Health =
  | { readonly is: 'off' | 'resting' | 'up'; readonly sinceMs: number }
  | { readonly is: 'down'; readonly sinceMs: number; readonly giveUpMs: number }

export type Happening = 'enabled' | 'disabled' | 'started' | 'rested' | 'data' | 'failed' | 'silent'

/** When it happens, and how long a source that is down is waited for. */
export interface Moment {
  readonly nowMs: number
  readonly fallMs: number
}

/** The health afterwards; the same object where nothing has changed. */
export function nextHealth(health: Health, happening: Happening, moment: Moment): Health {
  const { nowMs, fallMs } = moment
  switch (happening) {
    case 'enabled':
      return health.is === 'off' ? { is: 'resting', sinceMs: nowMs } : health
    case 'disabled':
      return health.is === 'off' ? health : { is: 'off', sinceMs: nowMs }
    case 'started':
      return health.is === 'resting' ? down(nowMs, nowMs + fallMs) : health
    case 'rested':
      return isRunning(health) ? { is: 'resting', sinceMs: nowMs } : health
    case 'data':
      return health.is === 'down' ? { is: 'up', sinceMs: nowMs } : health
    case 'failed':
      return health.is === 'up' ? down(nowMs, nowMs + fallMs) : health
    case 'silent':
      if (health.is === 'down') return down(health.sinceMs, Math.min(health.giveUpMs, nowMs))
      return health.is === 'up' ? down(nowMs, nowMs) : health
  }
}

export function isRunning(health: Health): boolean {
  return health.is === 'up' || health.is === 'down'
}

function down(sinceMs: number, giveUpMs: number): Health {
  return { is: 'down', sinceMs, giveUpMs }
}
