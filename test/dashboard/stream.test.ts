/** The stream of the page: nothing is missed in silence, and it ends when nobody looks. */
import { expect, test } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { describeDashboard, type Viewer } from './viewer.ts'

describeDashboard('the stream', (stage) => {
  test('shows every event, or says how many were dropped', async () => {
    const { server } = stage()
    const viewer = await stage().view()
    server.emitInvalidations(40)
    server.drop(7)
    server.emitInvalidations(13)
    await eventually('all events have arrived', async () => {
      const { shown, dropped } = await counts(viewer)
      return shown + dropped === server.emitted
    })
    expect((await counts(viewer)).dropped).toBe(7)
    expect(await viewer.page.textContent('.live-dropped')).toBe('dropped 7 events')
  })

  test('that can not be understood is ended before there is another one', async () => {
    const { server } = stage()
    const viewer = await stage().view()
    await eventually('the stream is open', () => server.viewers === 1)
    server.babble()
    await eventually('there is another one', () => server.opened === 2)
    await viewer.page.waitForSelector('.live-live')
    await eventually('the first has ended', () => server.viewers === 1)
  })

  test('asks once, and once more, however often events were dropped meanwhile', async () => {
    const { server } = stage()
    const viewer = await stage().view()
    await viewer.go('invalidations')
    await eventually('the past is shown', async () => (await viewer.number('shown')) === 40)
    const held: (() => void)[] = []
    await viewer.page.route('**/invalidations', async (route) => {
      await new Promise<void>((resolve) => held.push(resolve))
      await route.continue()
    })
    for (let n = 0; n < 20; n += 1) server.drop(1)
    await eventually('all are told', async () => (await counts(viewer)).dropped === 20)
    expect(held).toHaveLength(1)
    held[0]?.()
    await eventually('it asks again', () => held.length === 2)
    held[1]?.()
    await eventually('all are shown', async () => (await viewer.number('shown')) === 60)
    expect(held).toHaveLength(2)
  })

  test('asks for what it was not sent, and counts what nobody has kept', async () => {
    const { server } = stage()
    const viewer = await stage().view()
    await viewer.go('invalidations')
    await eventually('the past is shown', async () => (await viewer.number('shown')) === 40)
    server.drop(5)
    await eventually('what was dropped is fetched', async () => {
      return (await viewer.number('shown')) === 45
    })
    expect(await viewer.number('missed')).toBe(0)
    server.overrides.set('invalidations', () => ({ invalidations: [], seen: 48 }))
    server.drop(3)
    server.emitInvalidations(1)
    await eventually('the gap is counted', async () => (await viewer.number('missed')) === 3)
    expect(await viewer.number('shown')).toBe(46)
  })

  test('comes back after it was cut, and fills the gap', async () => {
    const { server } = stage()
    const viewer = await stage().view()
    await viewer.go('invalidations')
    server.cut()
    server.emitInvalidations(9)
    await eventually('the gap is filled', async () => (await viewer.number('shown')) === 49)
    expect(await viewer.number('missed')).toBe(0)
    await viewer.page.waitForSelector('.live-live')
  })

  test('begins anew with a service that has', async () => {
    const { server } = stage()
    const viewer = await stage().view()
    await viewer.go('invalidations')
    await eventually('the past is shown', async () => (await viewer.number('shown')) === 40)
    server.restart(3)
    await eventually('only the new is counted', async () => (await viewer.number('shown')) === 3)
    expect(await viewer.number('missed')).toBe(0)
  })

  test('is replaced by questions where there is none', async () => {
    stage().server.isStreaming = false
    const viewer = await stage().view()
    await viewer.page.waitForSelector('.live-polling')
    expect(await viewer.page.textContent('.live-word')).toBe('asking every 5 s')
    await viewer.go('invalidations')
    await eventually('answers are shown', async () => (await viewer.number('shown')) === 40)
  })

  test('ends while the reader has paused it, and goes on afterwards', async () => {
    const { server } = stage()
    const viewer = await stage().view()
    await viewer.page.keyboard.press('Space')
    await viewer.page.waitForSelector('.live-paused')
    await eventually('the stream has ended', () => server.viewers === 0)
    await viewer.page.click('.live-button')
    await viewer.page.waitForSelector('.live-live')
    await eventually('the stream is back', () => server.viewers === 1)
  })

  test('ends while the page is hidden', async () => {
    const { server } = stage()
    const viewer = await stage().view()
    await eventually('the stream is open', () => server.viewers === 1)
    await viewer.page.evaluate(`
      Object.defineProperty(document, 'hidden', { value: true, configurable: true })
      document.dispatchEvent(new Event('visibilitychange'))
    `)
    await eventually('the stream has ended', () => server.viewers === 0)
  })
})

async function counts({ page }: Viewer): Promise<{ shown: number; dropped: number }> {
  const title = await page.getAttribute('.live-button', 'title')
  const [shown = 0, dropped = 0] = (title?.match(/\d+/g) ?? []).map(Number)
  return { shown, dropped }
}
