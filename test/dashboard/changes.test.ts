/** What changes something: first a dry run, then a typed name, then exactly that plan. */
import { expect, test } from 'vitest'
import { tokens } from './fake-server.ts'
import { describeDashboard, type Viewer } from './viewer.ts'

describeDashboard('a change', (stage) => {
  test('is planned, confirmed by its typed name, and executed as planned', async () => {
    const { server } = stage()
    const viewer = await stage().view()
    await planOf(viewer)
    expect(await viewer.number('plan-count')).toBe(1204)
    expect(server.plans.executed).toEqual([])
    const execute = viewer.page.locator('text=Execute this plan')
    await viewer.page.fill('input[name=confirm]', 'positio')
    expect(await execute.isDisabled()).toBe(true)
    await viewer.page.keyboard.press('Enter')
    await viewer.page.fill('input[name=confirm]', 'position')
    await viewer.page.keyboard.press('Enter')
    await viewer.page.waitForSelector('text=5 processes told')
    expect(server.plans.executed).toEqual(['plan-1'])
    expect(server.plans.bodies.map(({ body }) => body)).toEqual([
      { family: 'position', reason: 'they were wrong', dryRun: true },
      { planId: 'plan-1', confirm: 'position', reason: 'they were wrong' },
    ])
  })

  test('that is given up executes nothing', async () => {
    const viewer = await stage().view()
    await planOf(viewer)
    await viewer.page.keyboard.press('Escape')
    await viewer.page.waitForSelector('dialog', { state: 'detached' })
    expect(stage().server.plans.executed).toEqual([])
  })

  test('is offered to nobody whose role does not allow it', async () => {
    const viewer = await stage().view({ token: tokens.viewer })
    for (const address of ['families', 'families/position', 'keys?pattern=user:*', 'doctor']) {
      await viewer.go(address)
      expect(await viewer.page.locator('main .danger').count(), address).toBe(0)
    }
    await viewer.go('audit')
    expect(await viewer.page.textContent('.empty-title')).toBe('For operators')
  })

  test('that the server refuses is told with its reason', async () => {
    const viewer = await stage().view()
    stage().server.isReadOnly = true
    await viewer.go('families/position')
    await viewer.page.click('text=Invalidate…')
    await viewer.page.fill('input[name=reason]', 'they were wrong')
    await viewer.page.keyboard.press('Enter')
    const alert = await viewer.page.textContent('[role=alert]')
    expect(alert).toContain('This service takes no changes (READ_ONLY)')
  })
})

describeDashboard('signing in', (stage) => {
  test('opens the page with a token, and refuses another', async () => {
    const viewer = await stage().view({ token: '' })
    await viewer.page.fill('input[name=token]', 'not-a-token')
    await viewer.page.keyboard.press('Enter')
    await viewer.page.waitForSelector('text=The token is not known (UNAUTHENTICATED)')
    await viewer.page.fill('input[name=token]', tokens.viewer)
    await viewer.page.keyboard.press('Enter')
    await viewer.page.waitForSelector('.figures')
    expect(await viewer.page.evaluate('JSON.stringify(localStorage)')).not.toContain(tokens.viewer)
  })

  test('out that fails is told, and nobody is signed out', async () => {
    const viewer = await stage().view()
    await viewer.page.route('**/session', (route) => route.abort())
    await viewer.page.click('.side >> text=Sign out')
    await viewer.page.waitForSelector('[role=alert] >> text=still signed in')
    expect(await viewer.page.locator('.figures').count()).toBeGreaterThan(0)
  })

  test('out takes everything away', async () => {
    const viewer = await stage().view()
    await viewer.page.click('.side >> text=Sign out')
    await viewer.page.waitForSelector('input[name=token]')
    expect(await viewer.page.locator('data').count()).toBe(0)
  })
})

async function planOf(viewer: Viewer): Promise<void> {
  const { page } = viewer
  await viewer.go('families/position')
  await page.click('text=Invalidate…')
  await page.fill('input[name=reason]', 'they were wrong')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.plan-count')
}
