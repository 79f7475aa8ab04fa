/** When the page asks: never while it can't be seen, nor while its reader has paused it. */
import { computed, signal } from '@preact/signals'

export const isPaused = signal(false)
const isVisible = signal(!document.hidden)
export const isRunning = computed(() => isVisible.value && !isPaused.value)
/** What "ago" is counted to: the time, while the page runs. */
export const nowMs = signal(Date.now())

const tickMs = 1000

/** Follows the window and the time from now on; call once. */
export function startPace(): void {
  document.addEventListener('visibilitychange', () => {
    isVisible.value = !document.hidden
  })
  setInterval(() => {
    if (isRunning.value) nowMs.value = Date.now()
  }, tickMs)
}
