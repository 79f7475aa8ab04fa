/** All keys, one list. */
import type { JSX } from 'preact'
import { keyTable } from '../state/keyboard.ts'
import { pages } from '../state/pages.ts'
import { closeWindow } from '../state/windows.ts'
import { Dialog } from './dialog.tsx'

export function Help(): JSX.Element {
  const goes = pages.map(({ letter, title }) => [`g ${letter}`, title] as const)
  return (
    <Dialog title="Keyboard" onClose={closeWindow}>
      <dl class="key-list">
        {[...keyTable, ...goes].map(([keys, what]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p class="soft">Single letters can be turned off in the settings.</p>
    </Dialog>
  )
}
