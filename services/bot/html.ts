/** Text for Telegram's HTML: names and questions come from outside and are escaped. */

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

const exact = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

export function dollars(amount: number): string {
  const sign = amount < 0 ? '−' : ''
  return `${sign}$${exact.format(Math.abs(amount))}`
}

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })

/** Rounded, for amounts that nobody reads to the cent: `$16.1M`. */
export function roundDollars(amount: number): string {
  return `$${compact.format(amount)}`
}

/** With its sign, for profit and loss. */
export function signedDollars(amount: number): string {
  return amount < 0 ? dollars(amount) : `+${dollars(amount)}`
}

/** With its sign, of what was paid. */
export function signedPercent(share: number): string {
  return `${share < 0 ? '−' : '+'}${Math.abs(share * 100).toFixed(1)} %`
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

/** A moment as everybody reads it alike. */
export function utc(moment: string): string {
  return `${moment.slice(0, 16).replace('T', ' ')} UTC`
}

/** A share price as people quote it. */
export function cents(price: number): string {
  return `${(price * 100).toFixed(1)}¢`
}

export function shortened(text: string, lengthMax: number): string {
  return text.length <= lengthMax ? text : `${text.slice(0, lengthMax - 1)}…`
}
