/** How this browser shows the page; nothing of it leaves the browser. */
import type { JSX } from 'preact'
import { Panel } from '../parts/panel.tsx'
import {
  density,
  type Preference,
  refresh,
  shortcuts,
  startRange,
  theme,
} from '../state/preferences.ts'
import { session, signOut } from '../state/session.ts'
import { visible } from '../text/visible.ts'

export function Settings(): JSX.Element {
  return (
    <div class="page page-narrow">
      <Panel title="Appearance" note="kept in this browser">
        <Choice title="Theme" of={theme} />
        <Choice title="Density" of={density} />
      </Panel>
      <Panel title="Numbers">
        <Choice title="Range of charts" of={startRange} />
        <Choice title="Seconds between questions" of={refresh} />
      </Panel>
      <Panel title="Keyboard">
        <Choice title="Single letters as commands" of={shortcuts} />
      </Panel>
      <Who />
    </div>
  )
}

interface ChoiceProps<T extends string> {
  readonly title: string
  readonly of: Preference<T>
}

function Choice<T extends string>({ title, of }: ChoiceProps<T>): JSX.Element {
  return (
    <fieldset class="choice-row">
      <legend>{title}</legend>
      <div class="segments">
        {of.options.map((option) => (
          <label key={option}>
            <input
              type="radio"
              name={of.name}
              checked={of.value === option}
              onChange={() => of.choose(option)}
            />
            <span>{option}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}

function Who(): JSX.Element | null {
  const now = session.value
  if (now.state !== 'in') return null
  const { user, role, isReadOnly, environment, namespace, service } = now.me
  return (
    <Panel title="Signed in">
      <dl class="facts">
        <dt>Name</dt>
        <dd>{visible(user)}</dd>
        <dt>May</dt>
        <dd>
          {role}
          {isReadOnly && '; this service takes no changes (read only)'}
        </dd>
        <dt>At</dt>
        <dd>
          {visible(service)}, {visible(namespace)}, {visible(environment)}
        </dd>
      </dl>
      <button type="button" class="button" onClick={() => void signOut()}>
        Sign out
      </button>
    </Panel>
  )
}
