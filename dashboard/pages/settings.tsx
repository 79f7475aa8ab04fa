/** How this browser shows the page; nothing of it leaves the browser. */
import type { Signal } from '@preact/signals'
import type { JSX } from 'preact'
import { Panel } from '../parts/panel.tsx'
import {
  densities,
  density,
  ranges,
  refresh,
  refreshes,
  setDensity,
  setPreference,
  setTheme,
  shortcuts,
  startRange,
  switches,
  theme,
  themes,
} from '../state/preferences.ts'
import { session, signOut } from '../state/session.ts'
import { visible } from '../text/visible.ts'

export function Settings(): JSX.Element {
  return (
    <div class="page page-narrow">
      <Panel title="Appearance" note="kept in this browser">
        <Choice title="Theme" name="theme" options={themes} of={theme} onChoose={setTheme} />
        <Choice
          title="Density"
          name="density"
          options={densities}
          of={density}
          onChoose={setDensity}
        />
      </Panel>
      <Panel title="Numbers">
        <Choice
          title="Range of charts"
          name="range"
          options={ranges}
          of={startRange}
          onChoose={(next) => setPreference('range', startRange, next)}
        />
        <Choice
          title="Seconds between questions"
          name="refresh"
          options={refreshes}
          of={refresh}
          onChoose={(next) => setPreference('refresh', refresh, next)}
        />
      </Panel>
      <Panel title="Keyboard">
        <Choice
          title="Single letters as commands"
          name="shortcuts"
          options={switches}
          of={shortcuts}
          onChoose={(next) => setPreference('shortcuts', shortcuts, next)}
        />
      </Panel>
      <Who />
    </div>
  )
}

interface ChoiceProps<T extends string> {
  readonly title: string
  readonly name: string
  readonly options: readonly T[]
  readonly of: Signal<T>
  readonly onChoose: (next: T) => void
}

function Choice<T extends string>({ title, name, options, of, onChoose }: ChoiceProps<T>) {
  return (
    <fieldset class="choice-row">
      <legend>{title}</legend>
      <div class="segments">
        {options.map((option) => (
          <label key={option}>
            <input
              type="radio"
              name={name}
              checked={of.value === option}
              onChange={() => onChoose(option)}
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
