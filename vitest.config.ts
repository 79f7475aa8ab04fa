import { defaultServerConditions } from 'vite'
import { defineConfig } from 'vitest/config'

// `module` is for bundlers: @opentelemetry/api has files there that Node can't load.
const nodeConditions = defaultServerConditions.filter((condition) => condition !== 'module')

export default defineConfig({
  // `staleproof` and its subpaths resolve to src, by this condition of the exports map.
  ssr: { resolve: { conditions: ['staleproof-source', ...nodeConditions] } },
  test: {
    // Most tests wait for servers and processes of their own; one at a time leaves cores idle.
    maxWorkers: 3,
    // Files leave nothing behind, and a process for each would load everything once more.
    isolate: false,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['**/*.test.ts', '**/*.test-d.ts'],
      reporter: ['text', 'json-summary'],
    },
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['src/**/*.test.ts'], testTimeout: 30_000 },
      },
      {
        extends: true,
        test: {
          name: 'system',
          globalSetup: ['test/servers/setup.ts'],
          include: ['{services,test}/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
