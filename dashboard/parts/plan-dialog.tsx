/**
 * Nothing is destroyed at once: first the service says what it would do, then the reader types
 * its name, and then exactly this plan is executed. There is no way back, and it says so.
 */
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { DoneAnswer, PlanAnswer } from 'staleproof/ops'
import { post, reasonOf } from '../api/client.ts'
import { askAgain } from '../state/answer.ts'
import { count, duration, plural } from '../text/format.ts'
import { visible } from '../text/visible.ts'
import { Dialog } from './dialog.tsx'
import { Mono, Num } from './figures.tsx'
import { Status } from './status.tsx'

export interface Intent {
  readonly title: string
  readonly route: 'invalidate' | 'clear'
  readonly scope: Readonly<Record<string, unknown>>
  /** How long one load takes, where it is known. */
  readonly loadMs?: number | undefined
}

type Step =
  | { readonly name: 'reason' }
  | { readonly name: 'plan'; readonly plan: PlanAnswer }
  | { readonly name: 'done'; readonly done: DoneAnswer }

export function PlanDialog({ intent, onClose }: { intent: Intent; onClose: () => void }) {
  const [step, setStep] = useState<Step>({ name: 'reason' })
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState<string>()
  const [isBusy, setBusy] = useState(false)
  const send = async (work: () => Promise<Step>): Promise<void> => {
    setBusy(true)
    setProblem(undefined)
    try {
      setStep(await work())
    } catch (error) {
      setProblem(reasonOf(error))
    } finally {
      setBusy(false)
    }
  }
  const preview = (): Promise<void> =>
    send(async () => {
      const body = { ...intent.scope, reason, dryRun: true }
      return { name: 'plan', plan: await post<PlanAnswer>(intent.route, body) }
    })
  const execute = (plan: PlanAnswer): Promise<void> =>
    send(async () => {
      const body = { planId: plan.planId, confirm: plan.confirm, reason }
      const done = await post<DoneAnswer>(intent.route, body)
      askAgain()
      return { name: 'done', done }
    })
  return (
    <Dialog title={intent.title} onClose={onClose}>
      {step.name === 'reason' && (
        <ReasonForm reason={reason} isBusy={isBusy} onReason={setReason} onNext={preview} />
      )}
      {step.name === 'plan' && (
        <PlanForm
          plan={step.plan}
          loadMs={intent.loadMs}
          isBusy={isBusy}
          onExecute={() => execute(step.plan)}
        />
      )}
      {step.name === 'done' && <Done done={step.done} onClose={onClose} />}
      {problem !== undefined && (
        <p class="notice" role="alert">
          <Status tone="crit">{problem}</Status>
        </p>
      )}
    </Dialog>
  )
}

interface ReasonFormProps {
  readonly reason: string
  readonly isBusy: boolean
  readonly onReason: (reason: string) => void
  readonly onNext: () => Promise<void>
}

function ReasonForm({ reason, isBusy, onReason, onNext }: ReasonFormProps): JSX.Element {
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault()
        void onNext()
      }}
    >
      <p>Nothing is changed yet. The next step shows which keys it would concern.</p>
      <label class="field">
        <span>Reason, for the audit log</span>
        <input
          name="reason"
          required
          maxLength={200}
          autocomplete="off"
          value={reason}
          onInput={({ currentTarget }) => onReason(currentTarget.value)}
        />
      </label>
      <button class="button primary" type="submit" disabled={isBusy}>
        {isBusy ? 'Counting…' : 'Dry run'}
      </button>
    </form>
  )
}

interface PlanFormProps {
  readonly plan: PlanAnswer
  readonly loadMs: number | undefined
  readonly isBusy: boolean
  readonly onExecute: () => Promise<void>
}

function PlanForm({ plan, loadMs, isBusy, onExecute }: PlanFormProps): JSX.Element {
  const [typed, setTyped] = useState('')
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => form.current?.querySelector<HTMLElement>('input, button')?.focus(), [])
  const mayExecute = !plan.needsConfirm || typed === plan.confirm
  return (
    <form
      ref={form}
      class="form"
      onSubmit={(event) => {
        event.preventDefault()
        void onExecute()
      }}
    >
      <p class="plan-count">
        <Num of={plan.count} isEstimate={plan.isEstimate} name="plan-count" />{' '}
        {plan.count === 1 ? 'key' : 'keys'}
      </p>
      <p>
        {plan.what}
        {loadMs !== undefined && plan.count > 0 && (
          <> To load them all again takes the source about {duration(plan.count * loadMs)}.</>
        )}
      </p>
      <Sample plan={plan} />
      {plan.withheld.length > 0 && <p>Not counted: {plan.withheld.map(visible).join(', ')}.</p>}
      <p>There is no undo.</p>
      {plan.needsConfirm && (
        <label class="field">
          <span>
            Type <strong>{visible(plan.confirm)}</strong> to go on
          </span>
          <input
            name="confirm"
            autocomplete="off"
            value={typed}
            onInput={({ currentTarget }) => setTyped(currentTarget.value)}
          />
        </label>
      )}
      <button class="button danger" type="submit" disabled={isBusy || !mayExecute}>
        {isBusy ? 'Working…' : 'Execute this plan'}
      </button>
    </form>
  )
}

function Sample({ plan: { sample, count: all } }: { plan: PlanAnswer }): JSX.Element | null {
  if (sample.length === 0) return null
  const label = sample.length < all ? `${count(sample.length)} of them` : 'All of them'
  return (
    <div class="sample">
      <h3>{label}</h3>
      <ul>
        {sample.map((key) => (
          <li key={key}>
            <Mono text={key} max={120} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function Done({ done, onClose }: { done: DoneAnswer; onClose: () => void }): JSX.Element {
  return (
    <div class="form" role="status">
      <Status tone={done.pending === 0 ? 'ok' : 'warn'}>
        {done.what}: {plural(done.reached, 'process', 'processes')} told in {duration(done.ms)}
        {done.pending > 0 && `, ${plural(done.pending, 'invalidation')} pending`}
      </Status>
      <p>It stands in the audit log.</p>
      <button class="button" type="button" onClick={onClose}>
        Close
      </button>
    </div>
  )
}
