/** H: the services of the reference system. */
import type { CoverageEdit } from '../edit.ts'

export const editsH: readonly CoverageEdit[] = [
  {
    row: 'H1',
    loses: 'an answer is what the description of the API declares',
    file: 'services/api/routes/prices.ts',
    from: '  prices: z.array(priceSchema).readonly(),\n',
    to: '  quotes: z.array(priceSchema).readonly(),\n',
    caught: {
      file: 'services/api/open-api.test.ts',
      test: 'what every route answers is what it declares',
    },
  },
  {
    row: 'H2',
    loses: 'plain words are looked for among the markets',
    file: 'services/bot/commands.ts',
    from: '    return find(client, context, text)\n',
    to: '    return sayHtml(context, helpText)\n',
    caught: {
      file: 'services/bot/server.test.ts',
      test: 'plain words find a market, whose card is a button away',
    },
  },
  {
    row: 'H3',
    loses: 'prices are polled while the channel is down',
    file: 'services/workers/upstream-client.ts',
    from: '  return fetchByIds(provider, byMarket, wanted)\n',
    to: '  return Promise.resolve([provider, wanted].slice(2))\n',
    caught: {
      file: 'services/workers/ingestion.test.ts',
      test: 'prices come by polling while the market channel can not be reached',
    },
  },
  {
    row: 'H4',
    loses: 'only the trades of watched addresses are stored',
    file: 'services/indexer/follow.ts',
    from: '      if (!this.#covered.has(address)) continue\n',
    to: '\n',
    caught: {
      file: 'services/indexer/follower.test.ts',
      test: 'a round is one request, whatever the number of watched addresses',
    },
  },
  {
    row: 'H5',
    loses: 'whatever changes the dashboard drops the numbers of the catalogue too',
    file: 'services/products/invalidation.ts',
    from: "    invalidateDomain(parts, reason, 'catalog'),\n",
    to: '',
    caught: { file: 'services/products/outbox.test.ts', test: '%s shows in every answer' },
  },
]
