/** What a network does: to one worker, for commands and for messages apart. */
import type { ProxyMode, RedisProxy } from '../../../testing/index.ts'
import { between, happens } from '../chance.ts'
import { pause } from '../pause.ts'
import { type Fault, Impossible, type World } from './fault.ts'

type Kind = 'command' | 'subscriber' | 'all'

const holdMs = { least: 300, most: 2_200 }
const messageDelayMs = { least: 50, most: 1_200 }
const commandDelayMs = { least: 20, most: 350 }

export const networkFaults: readonly Fault[] = [
  held('commands blackholed', 'command', () => 'blackhole'),
  held('messages blackholed', 'subscriber', () => 'blackhole'),
  held('cut off from the server', 'all', () => 'blackhole'),
  held('new connections refused', 'all', (proxy) => {
    proxy.cut('all')
    return 'refuse'
  }),
  held('messages delayed', 'subscriber', () => ({
    toServer: 'pass',
    toClient: { delayMs: between(messageDelayMs.least, messageDelayMs.most) },
  })),
  held('replies delayed', 'command', () => ({
    toServer: 'pass',
    toClient: { delayMs: between(commandDelayMs.least, commandDelayMs.most) },
  })),
  held('requests delayed', 'command', () => ({
    toServer: { delayMs: between(commandDelayMs.least, commandDelayMs.most) },
    toClient: 'pass',
  })),
  held('replies lost', 'command', () => ({ toServer: 'pass', toClient: 'hold' }), 'cut'),
  {
    name: 'connections reset',
    run: async ({ fleet }) => {
      for (const proxy of fleet.any().proxies) proxy.cut(happens(0.5) ? 'subscriber' : 'all')
    },
  },
  {
    name: 'messages half-closed',
    obstacle: encrypted,
    run: async ({ fleet }) => {
      const side = happens(0.5) ? 'client' : 'server'
      for (const proxy of fleet.any().proxies) {
        proxy.mode('subscriber', 'blackhole')
        proxy.halfClose('subscriber', side)
      }
      await pause(between(holdMs.least, holdMs.most))
    },
  },
  {
    name: 'connections killed by the server',
    run: async ({ fleet, admin }) => {
      const addresses = new Set(fleet.any().proxies.flatMap((proxy) => proxy.addresses()))
      const redis = await admin()
      const list = String(await redis.client('LIST'))
      const ids = list.split('\n').flatMap((line) => {
        const [, id, address] = /^id=(\d+) addr=(\S+)/.exec(line) ?? []
        return id !== undefined && addresses.has(address ?? '') ? [id] : []
      })
      if (ids.length === 0) throw new Impossible('the server sees our connections differently')
      for (const id of ids) await redis.call('CLIENT', 'KILL', 'ID', id)
    },
  },
]

function held(
  name: string,
  kind: Kind,
  mode: (proxy: RedisProxy) => ProxyMode,
  end?: 'cut',
): Fault {
  return {
    name,
    ...(kind !== 'all' && { obstacle: encrypted }),
    run: async ({ fleet }) => {
      const { proxies } = fleet.any()
      for (const proxy of proxies) proxy.mode(kind, mode(proxy))
      await pause(between(holdMs.least, holdMs.most))
      if (end === 'cut') for (const proxy of proxies) proxy.cut(kind)
    },
  }
}

function encrypted({ target }: World): string | undefined {
  if (target.isReadable) return undefined
  return 'messages and commands can not be told apart when they are encrypted'
}
