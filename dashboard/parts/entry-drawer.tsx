/** One key: what the cache knows of it, and its value where one asks and it may be shown. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { DoneAnswer, EntryAnswer } from 'staleproof/ops'
import { get, post, reasonOf } from '../api/client.ts'
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
  const [intent, setIntent] = useState<Intent>()
  const [told, setTold] = useState<JSX.Element>()
  const path = `entries/${encodeURIComponent(name)}`
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
        <Entry entry={data} valuePath={`${path}?value=1`} />
      )}
    </Dialog>
  )
}

function only(name: string): Intent {
  return { title: 'Invalidate this key', route: 'invalidate', scope: { keys: [name] } }
}

interface EntryProps {
  readonly entry: EntryAnswer
  readonly valuePath: string
}

function Entry({ entry: { family, explanation }, valuePath }: EntryProps): JSX.Element {
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
      <Value path={valuePath} />
      <h3>Explanation</h3>
      <JsonTree value={explanation} />
    </>
  )
}

/** Asked for once, when a person does, and forgotten with the window: it may be personal. */
function Value({ path }: { path: string }): JSX.Element {
  const [shown, setShown] = useState<JSX.Element>()
  const show = async (): Promise<void> => {
    try {
      const { value, valueWithheld } = await get<EntryAnswer>(path)
      setShown(value === undefined ? <Withheld why={valueWithheld} /> : <JsonTree value={value} />)
    } catch (error) {
      setShown(<Status tone="crit">{reasonOf(error)}</Status>)
    }
  }
  return (
    shown ?? (
      <button type="button" class="button" onClick={() => void show()}>
        Show the value
      </button>
    )
  )
}

function Withheld({ why = 'not answered' }: { why: string | undefined }): JSX.Element {
  return (
    <p>
      <Status tone="none">withheld: {why}</Status>
    </p>
  )
}
