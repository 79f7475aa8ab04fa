/** One key: what the cache knows of it, and its value where one asks and it may be shown. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { DoneAnswer, EntryAnswer } from 'staleproof/ops'
import { post, reasonOf } from '../api/client.ts'
import { useAnswer } from '../state/answer.ts'
import { linkTo } from '../state/route.ts'
import { mayChange } from '../state/session.ts'
import { duration } from '../text/format.ts'
import { Dialog } from './dialog.tsx'
import { Mono } from './figures.tsx'
import { JsonTree } from './json-tree.tsx'
import { Waiting } from './panel.tsx'
import { type Intent, PlanDialog } from './plan-dialog.tsx'
import { Status } from './status.tsx'

export function EntryDrawer({ name, onClose }: { name: string; onClose: () => void }) {
  const [isShown, setShown] = useState(false)
  const [intent, setIntent] = useState<Intent>()
  const [told, setTold] = useState<JSX.Element>()
  const path = `entries/${encodeURIComponent(name)}${isShown ? '?value=1' : ''}`
  const { data, problem } = useAnswer<EntryAnswer>(path)
  if (intent !== undefined) return <PlanDialog intent={intent} onClose={onClose} />
  const refresh = async (): Promise<void> => {
    try {
      const done = await post<DoneAnswer>('refresh', { keys: [name], reason: 'dashboard' })
      setTold(<Status tone="ok">Loaded anew in {duration(done.ms)}</Status>)
    } catch (error) {
      setTold(<Status tone="crit">{reasonOf(error)}</Status>)
    }
  }
  return (
    <Dialog title="Entry" kind="side" onClose={onClose}>
      <p class="entry-key">
        <Mono text={name} max={2000} />
      </p>
      {mayChange('operator') && (
        <div class="toolbar">
          <button type="button" class="button" onClick={() => void refresh()}>
            Load anew
          </button>
          <button type="button" class="button danger" onClick={() => setIntent(only(name))}>
            Invalidate…
          </button>
        </div>
      )}
      {told !== undefined && <p role="status">{told}</p>}
      {data === undefined ? (
        <Waiting problem={problem} />
      ) : (
        <Entry entry={data} onShow={() => setShown(true)} isShown={isShown} />
      )}
    </Dialog>
  )
}

function only(name: string): Intent {
  return { title: 'Invalidate this key', route: 'invalidate', scope: { keys: [name] } }
}

interface EntryProps {
  readonly entry: EntryAnswer
  readonly isShown: boolean
  readonly onShow: () => void
}

function Entry({ entry, isShown, onShow }: EntryProps): JSX.Element {
  const { family, explanation, value, valueWithheld } = entry
  return (
    <>
      <h3>Family</h3>
      <p>
        {family === undefined ? (
          'of no declared family'
        ) : (
          <a href={linkTo('families', family)}>
            <Mono text={family} />
          </a>
        )}
      </p>
      <h3>Value</h3>
      {!isShown && (
        <button type="button" class="button" onClick={onShow}>
          Show the value
        </button>
      )}
      {isShown && value === undefined && (
        <p>
          <Status tone="none">withheld: {valueWithheld ?? 'not answered'}</Status>
        </p>
      )}
      {value !== undefined && <JsonTree value={value} />}
      <h3>Explanation</h3>
      <JsonTree value={explanation} />
    </>
  )
}
