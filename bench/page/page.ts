/**
 * The report as a page that stands alone: no script, no font, no request to anywhere. The
 * bars that are set come first, then ours beside each peer, then every scenario with its plot
 * and its table, wins and losses alike.
 */
import type { ContestResult } from '../contest-result.ts'
import type { Failure } from '../failure.ts'
import type { Measured, Report } from '../report.ts'
import type { StudyResult } from '../study.ts'
import { shortNumber } from '../table.ts'
import { type Verdict, verdictsOf } from '../verdicts.ts'
import { barChart, type Chart, figureText, type Kind } from './bar-chart.ts'
import { duelChart, ratioText } from './duel-chart.ts'
import { type Duel, duelsOf, plottedColumn, plottedFigure } from './duels.ts'
import { escaped, foldedTable, tableOf } from './html.ts'
import { style } from './style.ts'

export function pageOf(report: Report): string {
  const { measured } = report
  const sections = [
    head(report),
    bars(verdictsOf(measured)),
    duels(duelsOf(measured)),
    ...measured.map(scenario),
  ]
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>staleproof benchmarks</title>
<style>${style}</style>
</head>
<body>
<main>
${sections.join('\n')}
</main>
</body>
</html>
`
}

function head({ machine, versions, measured }: Report): string {
  const dates = measured.map(({ measuredAt }) => measuredAt.slice(0, 10)).sort()
  const [first, last] = [dates[0], dates.at(-1)]
  const when = first === last ? first : `${first} to ${last}`
  const { cpu, cores, memoryBytes, system } = machine
  const memory = `${Math.round(memoryBytes / 2 ** 30)} GiB`
  const table = tableOf(['package', 'version'], Object.entries(versions))
  return `<header>
<h1>staleproof benchmarks</h1>
<p class="lead">Our cache beside its peers, by <code>npm run bench</code>: all in one run, round by
round in turn, judged by the CPU time that the process itself used. Lower is better, except for
hit ratios. Plots show medians, with whiskers from the least to the most over the rounds. Ratios
hold on a noisy machine; seconds do not.</p>
<p class="facts">${escaped(`${when} · ${cpu}, ${cores} cores, ${memory}, ${system}`)}</p>
<details><summary>Versions</summary><div class="scroll">${table}</div></details>
</header>`
}

function bars(verdicts: readonly Verdict[]): string {
  const must = verdicts.filter(({ isAim }) => !isAim)
  const reached = must.filter(({ isReached }) => isReached).length
  const sorted = [...verdicts].sort((a, b) => rankOf(a) - rankOf(b))
  return `<section id="bars">
<h2>Bars <small>${reached} of ${must.length} reached</small></h2>
<ul class="bars">
${sorted.map(verdictItem).join('\n')}
</ul>
</section>`
}

/** What is missed comes first. */
function rankOf({ isReached, isAim }: Verdict): number {
  return isReached ? 2 : isAim ? 1 : 0
}

function verdictItem(verdict: Verdict): string {
  const { scenario: name, title, what, figure, max, isReached, isAim } = verdict
  const kind = isReached ? 'reached' : isAim ? 'aim' : 'missed'
  const told = figure === undefined ? 'not measured' : figureText(figure)
  return `<li><span class="verdict ${kind}">${kind}</span>
<span class="what">${escaped(what)}</span>
<a class="where" href="#${escaped(name)}">${escaped(title)}</a>
<span class="figure">${told} <small>of ≤ ${max.toLocaleString('en-US')}</small></span></li>`
}

function duels(all: readonly Duel[]): string {
  if (all.length === 0) return ''
  return `<section id="peers">
<h2>Peer by peer</h2>
<p>What staleproof needs, as a multiple of what the peer needs for the same work: CPU, or what
the line says.</p>
<div class="duels">
${all.map(duel).join('\n')}
</div>
</section>`
}

function duel(one: Duel): string {
  const won = one.comparisons.filter(({ ratio }) => ratio <= 1).length
  const lost = one.comparisons.length - won
  const rows = one.comparisons.map(({ title, ratio }) => [title, ratioText(ratio)])
  return `<article>
<h3>${escaped(one.peer)} <small>${won} won, ${lost} lost</small></h3>
${duelChart(one)}
${foldedTable(['', `staleproof to ${one.peer}`], rows)}
</article>`
}

function scenario({ name, measuredAt, mode, contests, study, failures }: Measured): string {
  const when = `${mode} run, ${measuredAt.slice(0, 16).replace('T', ' ')} UTC`
  return `<section id="${escaped(name)}">
<h2>${escaped(name)} <small>${escaped(when)}</small></h2>
${contests.map(contest).join('\n')}
${study === undefined ? '' : studyArticle(study)}
${failureList(failures)}
</section>`
}

function contest(result: ContestResult): string {
  const { title, unit, base, rounds, repeatedRounds, contestants, failures } = result
  const sorted = [...contestants].sort((a, b) => a.cpuMicros.median - b.cpuMicros.median)
  const chart: Chart = {
    title,
    unit: `CPU µs per ${unit}`,
    bars: sorted.map(({ name, cpuMicros, ratio }) => ({
      label: name,
      kind: kindOf(name, base),
      figure: cpuMicros.median,
      told: `${figureText(cpuMicros.median)} µs`,
      remark: ratioText(ratio.median),
      spread: cpuMicros,
    })),
  }
  const columns = [`CPU µs per ${unit}`, 'least', 'most', '× base', 'per second']
  const rows = sorted.map(({ name, cpuMicros, ratio, operationsPerSecond }) => [
    name === base ? `${name} (base)` : name,
    shortNumber(cpuMicros.median),
    shortNumber(cpuMicros.min),
    shortNumber(cpuMicros.max),
    ratio.median.toFixed(2),
    Math.round(operationsPerSecond.median).toLocaleString('en-US'),
  ])
  const repeated = repeatedRounds > 0 ? `, ${repeatedRounds} repeated` : ''
  const method = `${rounds} rounds${repeated}; ratios to ${base}`
  return articleOf({ title, method, chart, table: foldedTable(['', ...columns], rows), failures })
}

function studyArticle(study: StudyResult): string {
  const { title, method, columns, rows, failures = [] } = study
  const column = plottedColumn(study)
  const place = columns.indexOf(column)
  const chart: Chart = {
    title,
    unit: column,
    bars: rows.map(({ name, figures, spread }) => {
      const figure = plottedFigure(study, name)
      const said = figures[place] ?? ''
      const told = typeof said === 'number' ? figureText(said) : said
      return { label: name, kind: kindOf(name, ''), figure, told, ...(spread && { spread }) }
    }),
  }
  const texts = rows.map(({ name, figures }) => [
    name,
    ...figures.map((figure) => (typeof figure === 'number' ? figureText(figure) : figure)),
  ])
  return articleOf({ title, method, chart, table: foldedTable(['', ...columns], texts), failures })
}

interface Article {
  readonly title: string
  readonly method: string
  readonly chart: Chart
  readonly table: string
  readonly failures: readonly Failure[]
}

function articleOf({ title, method, chart, table, failures }: Article): string {
  return `<article>
<h3>${escaped(title)}</h3>
<p class="method">${escaped(method)}</p>
${barChart(chart)}
${failureList(failures)}
${table}
</article>`
}

function failureList(failures: readonly Failure[]): string {
  if (failures.length === 0) return ''
  const items = failures.map(
    ({ name, reason }) => `<li><strong>${escaped(name)}</strong> failed: ${escaped(reason)}</li>`,
  )
  return `<ul class="failures">${items.join('')}</ul>`
}

function kindOf(name: string, base: string): Kind {
  return name.startsWith('staleproof') ? 'ours' : name === base ? 'floor' : 'peer'
}
