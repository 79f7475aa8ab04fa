/** A window over the page: the browser's own, which keeps the focus inside and gives it back. */
import type { ComponentChildren, JSX } from 'preact'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import { Icon } from './icon.tsx'

interface DialogProps {
  readonly title: string
  readonly onClose: () => void
  readonly children: ComponentChildren
  /** `side`: beside what it is about. `bare`: without a visible heading. */
  readonly kind?: 'middle' | 'side' | 'bare'
}

export function Dialog({ title, onClose, children, kind = 'middle' }: DialogProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useLayoutEffect(() => {
    const before = document.activeElement
    dialog.current?.showModal()
    // Whoever opens a window with a field wants to write into it.
    dialog.current?.querySelector('input')?.focus()
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog without our help.
    <dialog
      ref={dialog}
      class={`dialog dialog-${kind}`}
      aria-labelledby={heading}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
    >
      <div class="dialog-box">
        <header class={kind === 'bare' ? 'visually-hidden' : 'dialog-head'}>
          <h2 id={heading}>{title}</h2>
          <button type="button" class="button-icon" onClick={() => dialog.current?.close()}>
            <Icon name="close" label="Close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  )
}
