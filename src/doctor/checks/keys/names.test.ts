import { expect, test } from 'vitest'
import { defineCatalog } from '../../../core/catalog.ts'
import { family } from '../../../core/family.ts'
import { shape } from '../../../core/shape.ts'
import { factsOf } from '../../facts.test-support.ts'
import { registryOfCatalog } from '../../registry.ts'
import { runChecks } from '../../run-checks.ts'
import { describeChecks } from '../fixture.test-support.ts'
import { many, named } from './keys.test-support.ts'
import { nameChecks } from './names.ts'

const exposed = registryOfCatalog(
  defineCatalog('app', {
    token: family('token:{id}', { value: shape<object>(), ttl: '5m', sensitive: 'allow' }),
    sealed: family('sealed:{id}', {
      value: shape<object>(),
      ttl: '5m',
      sensitive: 'allow',
      encrypted: true,
    }),
  }),
)

describeChecks(nameChecks, [
  {
    id: 'KEY07',
    fires: [
      ['separators', 'warn user:{int} user_{int}', named('user:#', 'user_#')],
      ['cases', 'warn user:{int} User:{int}', named('user:#', 'User:#')],
      ['numbers', 'warn user:{int} users:{int}', named('user:#', 'users:#')],
      ['a slip', 'warn market:{int} makret:{int}', named('market:#', 'makret:#')],
      ['an id in front', 'warn {int}:user', named('#:user')],
      ['a long name', 'warn long names', { keys: [{ name: 'a'.repeat(201) }] }],
      [
        'two types',
        'crit a:{int}',
        { keys: many(6, (at) => ({ name: `a:${at}`, type: at < 3 ? 'hash' : 'string' })) },
      ],
    ],
    silent: [
      ['different names', named('user:#', 'market:#:prices', 'page:#', 'pages:#:x')],
      ['versions', named('price1:#', 'price2:#')],
      ['a slip of a person', { keys: [{ name: 'user_1' }, { name: 'user:1' }] }],
    ],
  },
  {
    id: 'KEY09',
    fires: [
      ['an address', 'crit mail:{email}', { keys: [{ name: 'mail:bob@example.com' }] }],
      ['a telephone', 'crit sms:{phone}', { keys: [{ name: 'sms:+4915112345678' }] }],
      [
        'a token',
        'crit session:{jwt}',
        { keys: [{ name: 'session:eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc' }] },
      ],
      [
        'a family that may hold secrets',
        'crit family token',
        { keys: [], more: { registry: exposed } },
      ],
      [
        'cards',
        'crit card:{int}',
        {
          keys: ['4111111111111111', '5555555555554444', '378282246310005'].map((number) => ({
            name: `card:${number}`,
          })),
        },
      ],
    ],
    silent: [
      ['ids', named('user:12345678901#', 'host:db-#.example.com')],
      ['a number that might be a card', { keys: [{ name: 'order:4111111111111111' }] }],
    ],
  },
])

test('names that hold personal data are not repeated in the finding', async () => {
  const check = nameChecks.filter(({ id }) => id === 'KEY09')
  const findings = await runChecks(check, factsOf({ keys: [{ name: 'mail:bob@example.com' }] }))
  expect(JSON.stringify(findings)).not.toContain('bob')
})
