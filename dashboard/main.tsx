/** Starts the page. */
import { effect } from '@preact/signals'
import { type JSX, render } from 'preact'
import { SignIn } from './pages/sign-in.tsx'
import { Empty } from './parts/panel.tsx'
import { Shell } from './parts/shell.tsx'
import { askAgain, forgetAnswers } from './state/answer.ts'
import { startKeyboard } from './state/keyboard.ts'
import { forgetLive, startLive } from './state/live.ts'
import { isRunning, startPace } from './state/pace.ts'
import { startRoute } from './state/route.ts'
import { askWho, session } from './state/session.ts'

const retryMs = 5_000

function App(): JSX.Element | null {
  const now = session.value
  switch (now.state) {
    case 'asking':
      return null
    case 'out':
      return <SignIn />
    case 'unreachable':
      return (
        <main class="alone">
          <h1 class="visually-hidden">staleproof</h1>
          <Empty icon="warn" title="The service does not answer">
            {now.why}. The page tries again every {retryMs / 1000} s.
          </Empty>
        </main>
      )
    case 'in':
      return <Shell me={now.me} />
  }
}

effect(() => {
  if (session.value.state === 'out') {
    forgetAnswers()
    forgetLive()
  }
  if (session.value.state !== 'unreachable') return
  const timer = setTimeout(() => void askWho(), retryMs)
  return () => clearTimeout(timer)
})

const place = document.getElementById('app')
if (place !== null) render(<App />, place)
startRoute()
startPace()
startKeyboard()
startLive()
// What was asked before a pause is old after it.
effect(() => {
  if (isRunning.value) askAgain()
})
void askWho()
