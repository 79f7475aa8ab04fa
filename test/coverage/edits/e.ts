/** E: what is loaded ahead of its readers. */
import type { CoverageEdit } from '../edit.ts'

export const editsE: readonly CoverageEdit[] = [
  {
    row: 'E1',
    loses: 'the failure of a critical task is a warning, and that of another is not',
    file: 'src/warm/task-record.ts',
    from: "    const level = critical ? 'warn' : 'debug'\n",
    to: "    const level = critical ? 'debug' : 'debug'\n",
    caught: {
      file: 'src/warm/warmer.test.ts',
      test: 'that fail are a warning if they are critical, else for debugging',
    },
  },
  {
    row: 'E2',
    loses: 'a cold start begins with the pages of the documents',
    file: 'services/caches/market-preloader.ts',
    from: "  ['volume', 3],\n",
    to: '',
    caught: {
      file: 'services/api/warming.test.ts',
      test: 'the pages of the documents are there before anybody asks, and serve readers',
    },
  },
  {
    row: 'E3',
    loses: 'what is read takes the places of the pages to begin with',
    file: 'src/warm/learner.ts',
    from: '      else if (usesOf(counted.count) >= usesMin) candidates.push(counted)\n',
    to: '      else if (usesOf(counted.count) < 0) candidates.push(counted)\n',
    caught: {
      file: 'src/warm/preloader.test.ts',
      test: 'begins with the seeds, and what is read takes their places',
    },
  },
  {
    row: 'E4',
    loses: 'the guard switches off what is not used',
    file: 'src/warm/precision-guard.ts',
    from: "    if (this.#state === 'on' && precision < precisionMin) this.#switchOff()\n",
    to: "    if (this.#state === 'on' && precision < 0) this.#switchOff()\n",
    caught: {
      file: 'src/warm/predictor-engine.test.ts',
      test: 'switches it off when the groups end, and on again when they are back',
    },
  },
]
