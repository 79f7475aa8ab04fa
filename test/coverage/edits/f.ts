/** F: operations. */
import type { CoverageEdit } from '../edit.ts'

export const editsF: readonly CoverageEdit[] = [
  {
    row: 'F1',
    loses: 'a dry run clears nothing',
    file: 'services/products/routes/cache-administration.ts',
    from: '    if (dry_run) return { families, dry_run }\n',
    to: '',
    caught: {
      file: 'services/products/cache-administration.test.ts',
      test: 'clears a domain, everything, or says what it would clear; for administrators',
    },
  },
]
