/** Which window stands over the page. */
import { signal } from '@preact/signals'

export const openWindow = signal<'none' | 'palette' | 'help' | 'menu'>('none')

export function closeWindow(): void {
  openWindow.value = 'none'
}
