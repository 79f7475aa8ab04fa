/** The ways in which a Redis goes away, and how each of them ends. */
import { Redis } from 'ioredis'
import { grant, type World } from './world.ts'

export interface Fault {
  readonly name: string
  readonly begin: (world: World) => unknown
  readonly end: (world: World) => unknown
}

/** In all of these Redis can't be told about an invalidation. */
export const faults: readonly Fault[] = [
  {
    name: 'killed and restarted empty',
    begin: ({ server }) => server.kill(),
    end: ({ server, admin }) => server.restart().then(() => grant(admin)),
  },
  {
    name: 'frozen',
    begin: ({ server }) => server.freeze(),
    end: ({ server }) => server.resume(),
  },
  {
    name: 'cut off without a sign',
    begin: ({ proxy }) => proxy.mode('all', 'blackhole'),
    end: ({ proxy }) => proxy.mode('all', 'pass'),
  },
  {
    name: 'refusing connections',
    begin: ({ proxy }) => {
      proxy.mode('all', 'refuse')
      proxy.cut('all')
    },
    end: ({ proxy }) => proxy.mode('all', 'pass'),
  },
  {
    name: 'slower than any budget',
    begin: ({ proxy }) => proxy.mode('all', { delayMs: 1_500 }),
    end: ({ proxy }) => proxy.mode('all', 'pass'),
  },
  {
    name: 'demoted to a replica',
    begin: ({ admin }) => admin.replicaof('127.0.0.1', 1),
    end: ({ admin }) => admin.replicaof('NO', 'ONE'),
  },
  {
    name: 'forbidding every command',
    begin: ({ admin }) => admin.acl('SETUSER', 'app', '-@all'),
    end: ({ admin }) => grant(admin),
  },
  {
    name: 'with another password',
    begin: async ({ admin }) => {
      await admin.acl('SETUSER', 'app', 'resetpass', '>another')
      await admin.client('KILL', 'USER', 'app')
    },
    end: ({ admin }) => grant(admin),
  },
  {
    name: 'busy with a script that does not end',
    begin: async ({ server, admin }) => {
      await admin.config('SET', 'busy-reply-threshold', '10')
      const stuck = new Redis(server.url, { lazyConnect: true, retryStrategy: () => null })
      stuck.on('error', () => {})
      await stuck.connect()
      void stuck.eval('while true do end', 0).catch(() => stuck.disconnect())
    },
    end: ({ admin }) => admin.script('KILL'),
  },
]
