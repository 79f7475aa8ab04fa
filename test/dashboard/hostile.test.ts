/** Keys that were written to be run are shown as what they are: text. */
import { expect, test } from 'vitest'
import { shortened, visible } from '../../dashboard/text/visible.ts'
import { hostileKey } from './fake-families.ts'
import { describeDashboard } from './viewer.ts'

const shown = 'user:<img src=x onerror="window.hacked=1">\\u202e\\x00</script>'

describeDashboard('a hostile key', (stage) => {
  test('is text on every page that shows keys', async () => {
    const viewer = await stage().view()
    const pages = [
      'keys?pattern=user:*',
      'families/position',
      'invalidations',
      'usage',
      'redis',
      'audit',
    ]
    for (const address of pages) {
      await viewer.go(address)
      await viewer.page.waitForSelector(`.mono:has-text("<img src=x")`)
      const texts = await viewer.page.locator('.mono').allTextContents()
      expect(
        texts.some((text) => text.includes(shown)),
        address,
      ).toBe(true)
      expect(await viewer.page.locator('main img').count(), address).toBe(0)
    }
    expect(await viewer.page.evaluate('window.hacked')).toBeUndefined()
    expect(viewer.complaints).toEqual([])
  })

  test('is asked for by exactly its own name', async () => {
    const viewer = await stage().view()
    await viewer.go('keys?pattern=user:*')
    await viewer.page.click('.row-link:has-text("<img")')
    await viewer.page.waitForSelector('.entry-key >> text=<img src=x')
    expect(stage().server.asked).toContain(`GET entries/${hostileKey}`)
  })
})

test('what a browser would not draw is written out, and what is too long is cut', () => {
  expect(visible('a\nb\u202ec\u0007')).toBe('a\\x0ab\\u202ec\\x07')
  expect(visible('\ud800x')).toBe('\\ud800x')
  expect(visible('Grüße 💚')).toBe('Grüße 💚')
  expect(shortened('a'.repeat(5_000_000), 10)).toBe('aaaaaaaaaa… (5,000,000 characters)')
})
