/** A: one registry, lives, versions and what may be kept. */
import type { CoverageEdit } from '../edit.ts'

export const editsA: readonly CoverageEdit[] = [
  {
    row: 'A1',
    loses: 'a condition id leads to an id, not to a second copy of a market',
    file: 'services/domain/catalog.ts',
    from: '    value: z.string(),\n',
    to: '    value: z.any(),\n',
    caught: {
      file: 'services/domain/catalog.test.ts',
      test: 'a condition leads to the id of a market and holds no second copy of it',
    },
  },
  {
    row: 'A2',
    loses: 'a family lives as long as the source documents say',
    file: 'services/domain/catalog.ts',
    from: "value: z.array(leaderSchema), ttl: '1h'",
    to: "value: z.array(leaderSchema), ttl: '2h'",
    caught: {
      file: 'services/domain/catalog.test.ts',
      test: 'what the source documents name lives as long as they say',
    },
  },
  {
    row: 'A4',
    loses: 'wild values live shorter than calm ones',
    file: 'src/core/ttl-policy.ts',
    from: '(shortestMs / longestMs) ** share',
    to: '(shortestMs / longestMs) ** (1 - share)',
    caught: {
      file: 'src/cache/adaptive-ttl.test.ts',
      test: 'calm values live longest, and wild ones shortest',
    },
  },
  {
    row: 'A6',
    loses: 'another schema makes another version',
    file: 'src/core/family-version.ts',
    from: '[template, codec, jsonSchemaText(rules), ...rules.versionParts]',
    to: "[template, codec, '', ...rules.versionParts]",
    caught: {
      file: 'src/core/family-version.test.ts',
      test: 'changes with schema, codec, tags, template and what the author names',
    },
  },
  {
    row: 'A7',
    loses: 'an API key is recognised by the name of its field',
    file: 'src/core/guard.ts',
    from: "    'clientsecret privkey authorization',\n",
    to: "    'privkey authorization',\n",
    caught: {
      file: 'test/contract/guard.test.ts',
      test: 'are refused by set',
    },
  },
  {
    row: 'A3',
    loses: 'media live as long as the source document says',
    file: 'services/products/domain.ts',
    from: "  media: { prefix: 'media_', ttlMs: 3_600_000 },\n",
    to: "  media: { prefix: 'media_', ttlMs: 3_500_000 },\n",
    caught: {
      file: 'services/products/documents.test.ts',
      test: 'domains live as long as the source document says',
    },
  },
]
