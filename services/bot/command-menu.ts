/** The commands of the bot, for its help text and for the menu that Telegram shows. */

export interface MenuEntry {
  readonly command: string
  /** What is typed after it. */
  readonly usage: readonly string[]
  readonly description: string
}

export const commandMenu: readonly MenuEntry[] = [
  { command: 'markets', usage: [], description: 'what is traded' },
  { command: 'market', usage: ['<id>'], description: 'one market, with buttons to buy' },
  {
    command: 'buy',
    usage: ['<market>', '<yes|no>', '<amount>'],
    description: 'buy for so many dollars',
  },
  { command: 'positions', usage: [], description: 'what you hold, with profit and loss' },
  { command: 'sell', usage: ['<position>'], description: 'sell one of your positions' },
  { command: 'help', usage: [], description: 'this list' },
]
