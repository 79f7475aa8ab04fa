/** Invalidations that Redis was not told about, kept on disk beyond the life of their process. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Recorder } from '../contract/events.ts'
import { eventually } from '../servers/eventually.ts'
import { spawnWorker, type TestWorker } from '../servers/processes.ts'
import { describeWithRedis } from '../servers/redis.ts'
import type { JournalWorkerCalls } from './journal-worker.ts'
import { useWorld, type World } from './world.ts'

const workerFile = new URL('./journal-worker.ts', import.meta.url)

describeWithRedis('a journal on disk', () => {
  const theWorld = useWorld()
  let journal = ''
  const workers: TestWorker<JournalWorkerCalls>[] = []

  beforeEach(async () => {
    journal = await mkdtemp(join(tmpdir(), 'staleproof-journal-'))
  })
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.kill()))
    await rm(journal, { recursive: true, force: true })
  })

  const spawnWriter = async ({ proxy, namespace }: World) => {
    const redis = `redis://127.0.0.1:${proxy.port}`
    const init = { redis, namespace, journal }
    const worker = await spawnWorker<JournalWorkerCalls>(workerFile, init)
    workers.push(worker)
    return worker
  }
  const linesOnDisk = async () => {
    const names = await readdir(journal)
    // One that is being written anew may go away meanwhile.
    const read = (name: string) => readFile(join(journal, name), 'utf8').catch(() => '')
    const texts = await Promise.all(names.map(read))
    return texts.join('').split('\n').slice(0, -1)
  }

  it('lets a successor deliver what a killed writer could not', async () => {
    const world = theWorld()
    const other = await world.open({ redis: world.server.url })
    await other.item.get('a')
    await other.settled()
    const writer = await spawnWriter(world)
    world.proxy.mode('all', 'blackhole')
    world.database.value = 2
    expect(await writer.call('invalidate', 'a')).toBe('SP_INVALIDATION_PENDING')
    await writer.kill()
    expect(await other.item.get('a', { consistency: 'strict' })).toBe(1)

    const successor = await world.open({ redis: world.server.url, journal })

    expect(await successor.item.get('a')).toBe(2)
    expect(await other.item.get('a', { consistency: 'strict' })).toBe(2)
    expect(successor.pending()).toEqual([])
    expect(successor.stats().delivery).toMatchObject({ late: 1 })
    await eventually('the disk has been told', async () => (await linesOnDisk()).length === 0)
  })

  it('is pending in a successor that can not reach Redis either', async () => {
    const world = theWorld()
    const writer = await spawnWriter(world)
    world.proxy.mode('all', 'blackhole')
    await writer.call('invalidate', 'a')
    await writer.kill()
    const successor = await world.open({ journal, connectTimeout: '200ms' })
    expect(successor.pending()).toMatchObject([{ key: 'item:a' }])
    expect(successor.stats().delivery).toMatchObject({ pending: 1, spooled: 1 })
    expect(successor.health().reasons.join()).toContain('1 invalidations are pending')
  })

  it('is empty again when what was pending has been delivered', async () => {
    const world = theWorld()
    const writer = await world.open({ journal })
    await writer.item.invalidate('warm')
    world.proxy.mode('all', 'blackhole')
    await expect(writer.item.invalidate(['a', 'b'])).rejects.toMatchObject({
      code: 'SP_INVALIDATION_PENDING',
    })
    expect(await linesOnDisk()).toHaveLength(2)
    expect(writer.stats().delivery.spooled).toBe(2)
    world.proxy.mode('all', 'pass')
    await eventually('nothing is on disk', async () => (await linesOnDisk()).length === 0)
    await writer.close()
    expect(await readdir(journal)).toEqual([])
  })

  it('keeps for the next process what a closed cache could not deliver', async () => {
    const world = theWorld()
    const writer = await world.open({ journal })
    await writer.item.invalidate('warm')
    world.proxy.mode('all', 'blackhole')
    await writer.item.invalidate('a').catch(() => {})
    await writer.close()
    expect(await linesOnDisk()).toHaveLength(1)
  })

  it('that can not be written is refused when the cache is opened', async () => {
    const { server, open } = theWorld()
    const file = join(journal, 'file')
    await writeFile(file, '')
    await expect(open({ redis: server.url, journal: file })).rejects.toMatchObject({
      code: 'SP_JOURNAL_UNWRITABLE',
    })
  })

  it('that can no longer be written is reported, and fails no call', async () => {
    const world = theWorld()
    const writer = await world.open({ journal })
    const recorder = new Recorder()
    writer.observe(recorder)
    await writer.item.invalidate('warm')
    world.proxy.mode('all', 'blackhole')
    await rm(journal, { recursive: true })
    await expect(writer.item.invalidate('a')).rejects.toMatchObject({
      code: 'SP_INVALIDATION_PENDING',
    })
    const codes = recorder.of('fault').map(({ error }) => error.code)
    expect(codes).toContain('SP_JOURNAL_UNWRITABLE')
    expect(writer.pending()).toHaveLength(1)
  })
})
