/** Pieces of a page. Every text from outside goes through `escaped`. */

export type Cell = string | number

export function escaped(text: Cell): string {
  return String(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** Folded away under its summary, as the words behind a picture. */
export function foldedTable(head: readonly Cell[], rows: readonly (readonly Cell[])[]): string {
  const summary = '<summary>Figures as a table</summary>'
  return `<details>${summary}<div class="scroll">${tableOf(head, rows)}</div></details>`
}

export function tableOf(head: readonly Cell[], rows: readonly (readonly Cell[])[]): string {
  const heads = head.map((text) => `<th scope="col">${escaped(text)}</th>`).join('')
  const body = rows.map((row) => `<tr>${row.map(cellOf).join('')}</tr>`).join('\n')
  return `<table>\n<thead><tr>${heads}</tr></thead>\n<tbody>\n${body}\n</tbody>\n</table>`
}

function cellOf(text: Cell, column: number): string {
  return column === 0 ? `<th scope="row">${escaped(text)}</th>` : `<td>${escaped(text)}</td>`
}
