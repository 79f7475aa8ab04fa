/** A token for a session. The token itself is kept nowhere in the browser. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { reasonOf } from '../api/client.ts'
import { Status } from '../parts/status.tsx'
import { ThemeButton } from '../parts/theme-button.tsx'
import { signIn } from '../state/session.ts'

export function SignIn(): JSX.Element {
  const [problem, setProblem] = useState<string>()
  const [isBusy, setBusy] = useState(false)
  const submit = async (form: HTMLFormElement): Promise<void> => {
    setBusy(true)
    setProblem(undefined)
    try {
      await signIn(String(new FormData(form).get('token') ?? '').trim())
    } catch (error) {
      setProblem(reasonOf(error))
      setBusy(false)
    }
  }
  return (
    <main class="alone">
      <form
        class="sign-in"
        onSubmit={(event) => {
          event.preventDefault()
          void submit(event.currentTarget)
        }}
      >
        <h1>staleproof</h1>
        <p class="soft">
          Sign in with a token of this service’s admin API. What it may do is decided there.
        </p>
        <label class="field">
          <span>Token</span>
          <input
            name="token"
            type="password"
            required
            autocomplete="current-password"
            aria-invalid={problem !== undefined}
            aria-describedby="sign-in-problem"
          />
        </label>
        <div id="sign-in-problem" role="alert">
          {problem !== undefined && <Status tone="crit">{problem}</Status>}
        </div>
        <div class="sign-in-row">
          <button class="button primary" type="submit" disabled={isBusy}>
            {isBusy ? 'Signing in…' : 'Sign in'}
          </button>
          <ThemeButton />
        </div>
      </form>
    </main>
  )
}
