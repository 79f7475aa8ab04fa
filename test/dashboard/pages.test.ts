/** Every page, as each reader may look at it: in both themes, on a phone, by axe's rules. */
import axe from 'axe-core'
import { expect, test } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { clusterSeriesAt } from './fake-answers.ts'
import { tokens } from './fake-server.ts'
import { describeDashboard, type Viewer } from './viewer.ts'

const addresses = [
  'overview',
  'families',
  'families/position',
  'keys?pattern=user:*',
  'invalidations',
  'doctor',
  'resilience',
  'warming',
  'services',
  'usage',
  'redis',
  'audit',
  'settings',
] as const

type Rules = readonly string[] | { readonly type: 'rule'; readonly values: readonly string[] }

const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What a theme changes; the rest is the same in both. */
const ofColours: Rules = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }

interface AxeResults {
  readonly violations: readonly { readonly id: string; readonly nodes: { html: string }[] }[]
}

describeDashboard('every page', (stage) => {
  test.each([
    ['light', standards],
    ['dark', ofColours],
  ] as const)('is accessible and quiet in the %s theme', async (theme, rules) => {
    const viewer = await stage().view({ theme })
    await viewer.page.evaluate(axe.source)
    for (const address of addresses) {
      await viewer.go(address)
      expect(await violationsOf(viewer, rules), address).toEqual([])
    }
    expect(viewer.complaints).toEqual([])
    expect(viewer.strayRequests).toEqual([])
  })

  test('the page to sign in is accessible in both themes', async () => {
    for (const theme of ['light', 'dark'] as const) {
      const viewer = await stage().view({ theme, token: '' })
      await viewer.page.evaluate(axe.source)
      expect(await violationsOf(viewer), theme).toEqual([])
    }
  })

  // The narrowest of all, of tables as tables, and of both beside the navigation.
  test.each([320, 741, 981])(
    'fits a window of %i pixels without scrolling sideways',
    async (px) => {
      const viewer = await stage().view({ width: px })
      for (const address of addresses) {
        await viewer.go(address)
        const width = await viewer.page.evaluate('document.documentElement.scrollWidth')
        expect(width, address).toBeLessThanOrEqual(px)
      }
    },
  )

  test('keeps the words of invalidations whole in a window of 1024 pixels', async () => {
    const viewer = await stage().view({ width: 1024 })
    stage().server.emitInvalidations(20)
    for (const address of ['overview', 'invalidations']) {
      await viewer.go(address)
      const table = viewer.page.locator('[aria-label="Invalidations"]')
      await table.locator('tbody tr').nth(7).waitFor()
      const words = await table.locator('td:not(.wide) :is(.mono, .any)').evaluateAll((found) => {
        return found.map((word) => [word.textContent, word.getClientRects().length] as const)
      })
      expect(words.map(([word]) => word)).toContain('market.resolved')
      expect(words.filter(([, lines]) => lines > 1)).toEqual([])
    }
  })

  test('of the overview has room for the name of each family beside its line', async () => {
    const viewer = await stage().view({ width: 1360 })
    const names = viewer.page.locator('.multiple-name')
    await names.first().waitFor()
    const lines = await names.evaluateAll((found) =>
      found.map(({ scrollWidth, clientWidth, clientHeight, textContent }) => {
        return { name: textContent, isWhole: scrollWidth <= clientWidth, clientHeight }
      }),
    )
    expect(lines.map(({ name }) => name)).toContain('marketByCondition')
    expect(lines.filter(({ isWhole }) => !isWhole)).toEqual([])
    expect(new Set(lines.map(({ clientHeight }) => clientHeight)).size).toBe(1)
  })

  test('windows over the page are accessible', async () => {
    const viewer = await stage().view({ theme: 'dark' })
    await viewer.page.evaluate(axe.source)
    await viewer.go('keys?pattern=user:*')
    await viewer.page.click('tbody .row-link')
    await viewer.page.click('text=Show the value')
    await viewer.page.waitForSelector('.json-string')
    expect(await violationsOf(viewer), 'an entry').toEqual([])
    await viewer.page.keyboard.press('Escape')
    await viewer.page.keyboard.press('Control+k')
    expect(await violationsOf(viewer), 'the search').toEqual([])
  })

  test('every chart is a table as well, with the same numbers', async () => {
    const viewer = await stage().view()
    const figures = viewer.page.locator('.legend strong')
    await figures.first().waitFor()
    const legend = await figures.allTextContents()
    await viewer.page.click('.panel:has(.chart) >> text=Table')
    const row = viewer.page.locator('.table-numbers tbody tr').first()
    await row.waitFor()
    expect(await row.locator('td').allTextContents()).toEqual(legend)
  })
})

describeDashboard('a page', (stage) => {
  test('says of a chart the newest value that is known', async () => {
    const viewer = await stage().view()
    await viewer.go('redis')
    const memory = viewer.page.locator('.panel:has(.chart)', { hasText: 'Memory' })
    const used = await memory.locator('.legend strong').first().textContent()
    expect(used).toMatch(/\d\sGiB$/)
    expect(await memory.textContent()).toContain(`${used} used`)
  })

  test('shows of a Cluster the memory of each node in a line unlike the others', async () => {
    const { server, view } = stage()
    const answer = clusterSeriesAt(server.nowMs, 12)
    server.overrides.set('series', () => answer)
    const viewer = await view()
    await viewer.go('redis')
    const memory = viewer.page.locator('.panel:has(.chart)', { hasText: 'Memory of each node' })
    await memory.locator('.legend-item').first().waitFor()
    const items = await memory.locator('.legend-item').allTextContents()
    const addresses = Object.keys(answer.nodes)
    expect(items).toHaveLength(addresses.length + 1)
    for (const [place, address] of addresses.entries()) expect(items[place]).toContain(address)
    expect(items[addresses.length - 1]).toMatch(/^10\.0\.0\.12:6379 until \d\d:\d\d /)
    const swatches = await memory.locator('.swatch').evaluateAll((found) => {
      return found.map(({ innerHTML }) => innerHTML)
    })
    expect(new Set(swatches).size).toBe(items.length)
    expect(await memory.locator('.panel-note').textContent()).toMatch(
      /by 10\.0\.0\.1:6379, the most/,
    )
    await memory.locator('text=Table').click()
    const table = viewer.page.getByLabel('Memory of each node, as a table')
    await table.waitFor()
    const heads = await table.locator('thead th').allTextContents()
    expect(heads.slice(1, 3)).toEqual(addresses.slice(0, 2))
  })

  test('whose charts can not be drawn shows their tables', async () => {
    const viewer = await stage().view({ token: '' })
    await viewer.page.route('**/plot-*.js', (route) => route.abort())
    await viewer.page.fill('input[name=token]', tokens.viewer)
    await viewer.page.keyboard.press('Enter')
    await viewer.page.waitForSelector('.table-numbers tbody tr')
  })

  test('asks for a value once, and forgets it when the entry is closed', async () => {
    const viewer = await stage().view()
    const asked: string[] = []
    viewer.page.on('request', (request) => asked.push(request.url()))
    const count = (text: string) => asked.filter((url) => url.includes(text)).length
    await viewer.page.clock.install()
    await viewer.go('keys?pattern=user:*')
    await viewer.page.click('tbody .row-link')
    await viewer.page.click('text=Show the value')
    await viewer.page.waitForSelector('.json-string')
    await viewer.page.clock.fastForward(120_000)
    await eventually('the entry is asked for again', () => count('/entries/') > 2)
    await viewer.page.keyboard.press('Escape')
    await viewer.page.click('tbody .row-link')
    await viewer.page.waitForSelector('text=Show the value')
    expect(count('value=1')).toBe(1)
  })

  test('shows what the doctor has not checked as no verdict', async () => {
    const viewer = await stage().view()
    await viewer.go('doctor')
    const skipped = viewer.page.locator('.finding:has-text("LAT05") .finding-title')
    expect(await skipped.textContent()).toMatch(/^Not checked: /)
    const checked = viewer.page.locator('.finding:has-text("MEM04") .finding-title')
    expect(await checked.textContent()).not.toContain('Not checked')
  })
})

async function violationsOf(
  { page }: Viewer,
  runOnly: Rules = standards,
): Promise<readonly string[]> {
  const options = { runOnly, resultTypes: ['violations'] }
  const run = `axe.run(document, ${JSON.stringify(options)})`
  const { violations }: AxeResults = await page.evaluate(run)
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}
