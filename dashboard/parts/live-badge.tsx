/** Whether the numbers move, and the honest count of what was shown and what was not. */
import type { JSX } from 'preact'
import { dropped, type LiveState, liveState, received } from '../state/live.ts'
import { isPaused } from '../state/pace.ts'
import { plural } from '../text/format.ts'
import { Icon } from './icon.tsx'

const words: Readonly<Record<LiveState, string>> = {
  connecting: 'connecting',
  live: 'live',
  polling: 'asking every 5 s',
  paused: 'paused',
}

/** To the last one: a reader may add them up. */
function exact(events: number): string {
  return events.toLocaleString('en-GB')
}

export function LiveBadge(): JSX.Element {
  const state = liveState.value
  const told = `${exact(received.value)} updates shown, ${exact(dropped.value)} dropped`
  return (
    <div class={`live live-${state}`}>
      <button
        type="button"
        class="live-button"
        aria-pressed={isPaused.value}
        title={told}
        onClick={() => {
          isPaused.value = !isPaused.value
        }}
      >
        <Icon
          name={isPaused.value ? 'play' : 'pause'}
          label={isPaused.value ? 'Resume live numbers' : 'Pause live numbers'}
        />
        <span class="live-word">{words[state]}</span>
      </button>
      {dropped.value > 0 && (
        <span class="live-dropped">dropped {plural(dropped.value, 'event')}</span>
      )}
    </div>
  )
}
