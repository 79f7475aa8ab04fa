/** Everything can be reached without a mouse, and every place has an address. */
import { expect, test } from 'vitest'
import { describeDashboard, type Viewer } from './viewer.ts'

describeDashboard('by the keyboard alone', (stage) => {
  test('a reader goes through pages, rows and details, and back', async () => {
    const viewer = await stage().view()
    const { page } = viewer
    await press(viewer, 'g', 'f')
    await page.waitForSelector('tbody tr')
    await press(viewer, 'j', 'j', 'k', 'Enter')
    await page.waitForSelector('.crumb')
    expect(await page.evaluate('location.hash')).toBe('#/families/leaders')
    await press(viewer, 'h')
    await page.waitForSelector('input[aria-label="Filter families"]')
    await press(viewer, '/', 'p', 'r', 'i', 'c', 'e')
    await page.waitForSelector('text=1 family')
    expect(await page.evaluate('location.hash')).toBe('#/families?q=price')
  })

  test('the search finds a family, and its window gives the focus back', async () => {
    const viewer = await stage().view()
    const { page } = viewer
    await page.focus('.search-button')
    await press(viewer, 'Enter')
    await page.waitForSelector('[role=listbox]')
    await press(viewer, 'Escape')
    await page.waitForSelector('[role=listbox]', { state: 'detached' })
    expect(await page.evaluate('document.activeElement.className')).toBe('search-button')
    await press(viewer, 'Control+k')
    await page.keyboard.type('posi')
    await page.waitForSelector('[role=option]:has-text("position")')
    await press(viewer, 'Enter')
    await page.waitForSelector('.crumb >> text=position')
  })

  test('Tab reaches the content by one step, and a chart reads its values', async () => {
    const viewer = await stage().view()
    const { page } = viewer
    await page.waitForSelector('.chart canvas')
    await press(viewer, 'Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content')
    await press(viewer, 'Enter')
    expect(await page.evaluate('document.activeElement.id')).toBe('main')
    await page.focus('.chart')
    await press(viewer, 'ArrowLeft')
    await page.waitForSelector('.legend[aria-live=polite]')
    expect(await page.textContent('.legend-time')).toMatch(/^\d\d:\d\d$/)
  })

  test('a chosen theme is there before anything is drawn', async () => {
    const viewer = await stage().view({ theme: 'light' })
    const { page } = viewer
    await page.click('.theme-button')
    await page.click('.theme-button')
    await page.waitForSelector('html[data-theme=dark]')
    await page.reload({ waitUntil: 'commit' })
    await page.waitForSelector('html[data-theme=dark]')
    const scripts = 'document.head.querySelector("script").src'
    expect(await page.evaluate(scripts)).toMatch(/theme-[\w-]+\.js$/)
    await page.waitForSelector('.figures')
    const ground = 'getComputedStyle(document.documentElement).backgroundColor'
    expect(await page.evaluate(ground)).toBe('rgb(18, 19, 22)')
  })

  test('single letters can be turned off', async () => {
    const viewer = await stage().view()
    await viewer.go('settings')
    await viewer.page.click('fieldset:has-text("Single letters") label:has-text("off")')
    await viewer.page.focus('main')
    await press(viewer, 'g', 'f', '?')
    expect(await viewer.page.evaluate('location.hash')).toBe('#/settings')
    expect(await viewer.page.locator('dialog').count()).toBe(0)
  })
})

async function press({ page }: Viewer, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key)
}
