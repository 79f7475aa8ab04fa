/** Text for Telegram's HTML: names and questions come from outside and are escaped. */

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

export function dollars(amount: number): string {
  const sign = amount < 0 ? '−' : ''
  return `${sign}$${Math.abs(amount).toFixed(2)}`
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

/** A share price as people quote it. */
export function cents(price: number): string {
  return `${(price * 100).toFixed(1)}¢`
}

export function shortened(text: string, lengthMax: number): string {
  return text.length <= lengthMax ? text : `${text.slice(0, lengthMax - 1)}…`
}
