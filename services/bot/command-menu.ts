/** The commands of the bot, for its help text and for the menu that Telegram shows. */

export interface MenuEntry {
  readonly command: string
  /** What is typed after it. */
  readonly usage: readonly string[]
  readonly description: string
}

export const commandMenu: readonly MenuEntry[] = [
  { command: 'markets', usage: [], description: 'what is traded' },
  { command: 'events', usage: [], description: 'markets that belong together' },
  { command: 'search', usage: ['<words>'], description: 'find a market; plain words do too' },
  { command: 'market', usage: ['<id>'], description: 'one market, with buttons to buy' },
  {
    command: 'buy',
    usage: ['<market>', '<yes|no>', '<amount>'],
    description: 'buy for so many dollars',
  },
  { command: 'positions', usage: [], description: 'what you hold, with profit and loss' },
  { command: 'sell', usage: ['<position>'], description: 'sell one of your positions' },
  { command: 'stats', usage: [], description: 'what your trades have come to' },
  { command: 'leaders', usage: [], description: 'who trades best, and copying them' },
  { command: 'help', usage: [], description: 'this list' },
]
