/** Somebody who looks at the page: a real browser, and what it noticed. */
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest'
import { findChromium, howToGetChromium } from '../servers/chromium-install.ts'
import { type BuiltPage, buildPage } from './built-page.ts'
import { FakeServer, tokens } from './fake-server.ts'

/** Where a page is. */
export interface Site {
  readonly origin: string
  readonly page: string
}

export interface Looks {
  readonly theme?: 'light' | 'dark'
  readonly width?: number
  readonly token?: string
}

/** Of the made-up server, so that pictures of two runs are the same. */
const nowMs = Date.parse('2026-11-20T09:30:00Z')

export class Viewer {
  readonly page: Page
  readonly site: Site
  /** Errors of the page, and what it wrote into the console. */
  readonly complaints: string[] = []
  /** Requests to anywhere but the server of the page. */
  readonly strayRequests: string[] = []
  readonly #context: BrowserContext

  private constructor(page: Page, site: Site, context: BrowserContext) {
    this.page = page
    this.site = site
    this.#context = context
  }

  /** Signed in, unless without a token. */
  static async open(browser: Browser, site: Site, looks: Looks = {}): Promise<Viewer> {
    const { theme = 'light', width = 1280, token = tokens.administrator } = looks
    const context = await browser.newContext({
      colorScheme: theme,
      viewport: { width, height: 800 },
      reducedMotion: 'reduce',
    })
    if (token !== '') {
      await context.addCookies([{ name: 'session', value: token, url: site.origin }])
    }
    const viewer = new Viewer(await context.newPage(), site, context)
    viewer.#watch()
    await viewer.page.goto(site.page)
    await viewer.page.waitForSelector(token === '' ? 'input[name=token]' : '.figures')
    return viewer
  }

  /** `#/families?sort=-hit`, once it shows what it has. */
  async go(address: string): Promise<void> {
    await this.page.goto(`${this.site.page}#/${address}`)
    await this.page.locator('main .page').waitFor()
    await this.page.locator('main .waiting').first().waitFor({ state: 'detached' })
  }

  /** A number on the screen, as exact as the page has it. */
  async number(name: string): Promise<number> {
    const found = this.page.locator(`data[data-name="${name}"]`)
    return Number(await found.getAttribute('value'))
  }

  close(): Promise<void> {
    return this.#context.close()
  }

  #watch(): void {
    const { page } = this
    page.on('pageerror', ({ message }) => this.complaints.push(message))
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complaints.push(message.text())
    })
    page.on('request', (request) => {
      const isOurs = request.url().startsWith(`${this.site.origin}/`)
      if (!isOurs && !request.url().startsWith('blob:')) this.strayRequests.push(request.url())
    })
  }
}

export interface Equipment {
  readonly browser: Browser
  /** The page as built. */
  readonly folder: string
}

interface Started {
  readonly browser: Browser
  readonly built: BuiltPage
}

/** One build and one browser for all tests of a file. */
let started: Promise<Started> | undefined

async function start(executablePath: string): Promise<Started> {
  const built = await buildPage()
  return { built, browser: await chromium.launch({ executablePath, args: ['--no-sandbox'] }) }
}

async function end(): Promise<void> {
  const equipment = started
  started = undefined
  const { browser, built } = (await equipment) ?? {}
  await browser?.close()
  built?.remove()
}

/** Every context is closed after its test. */
export function describeInChromium(
  name: string,
  define: (equipment: () => Equipment) => void,
): void {
  const path = findChromium()
  if (path === undefined) console.warn(`${name}: skipped; ${howToGetChromium}`)
  // Of the file that calls this: other files in the same process start their own.
  afterAll(end)
  describe.skipIf(path === undefined)(name, () => {
    let equipment: Equipment | undefined
    beforeAll(async () => {
      started ??= start(path ?? '')
      const { browser, built } = await started
      equipment = { browser, folder: built.folder }
    })
    afterEach(async () => {
      await Promise.all((equipment?.browser.contexts() ?? []).map((context) => context.close()))
    })
    define(() => {
      if (equipment === undefined) throw new Error('nothing has started')
      return equipment
    })
  })
}

export interface Stage {
  readonly server: FakeServer
  view(looks?: Looks): Promise<Viewer>
}

/** Tests of the page before a made-up server, a new one for each. */
export function describeDashboard(name: string, define: (stage: () => Stage) => void): void {
  describeInChromium(name, (equipment) => {
    let server: FakeServer | undefined
    beforeEach(async () => {
      server = await FakeServer.start(nowMs, equipment().folder)
    })
    afterEach(() => server?.close())
    define(() => {
      if (server === undefined) throw new Error('the server is started before each test')
      const stage = server
      return { server: stage, view: (looks) => Viewer.open(equipment().browser, stage, looks) }
    })
  })
}
