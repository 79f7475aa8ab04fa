import { expect, test } from 'vitest'
import { catchIn } from './ablate.ts'
import { ablations } from './ablations.ts'

const deadlineMs = 300_000

for (const ablation of ablations) {
  const { name, loses } = ablation
  test(`without "${name}" (${loses}) a violation is found`, { timeout: deadlineMs }, async () => {
    const caught = await catchIn(ablation)
    const seed = caught && `${caught.job.kind} ${caught.job.seed}`
    console.log(`ablation "${name}": caught by ${seed}: ${caught?.violations[0]}`)
    expect(seed).toBeDefined()
  })
}
