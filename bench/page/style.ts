/** The look of the page, light and dark; texts have a contrast of 4.5 to 1 or more in both. */
export const style = `
:root {
  --paper: #fbfbfa; --panel: #ffffff; --ink: #1c2126; --soft: #59626c; --rule: #e1e4e7;
  --ours: #0b62b0; --peer: #a3adb8; --floor: #5f6974; --whisker: #1c2126;
  --good: #0a7150; --bad: #b3321f; --aim: #7a5a00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171a; --panel: #1b1f23; --ink: #e7eaed; --soft: #a0a9b2; --rule: #2d3339;
    --ours: #58a9f5; --peer: #59646f; --floor: #98a3ae; --whisker: #e7eaed;
    --good: #4cc592; --bad: #ff8b76; --aim: #e0b84c;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
}
main { max-width: 1120px; margin: 0 auto; padding: 40px 24px 80px; }
h1 { margin: 0; font-size: 32px; line-height: 1.2; letter-spacing: -0.015em; }
h2 {
  margin: 56px 0 16px; padding-top: 20px; border-top: 1px solid var(--rule);
  font-size: 22px; line-height: 1.3; letter-spacing: -0.01em;
}
h3 { margin: 0; font-size: 16px; line-height: 1.4; }
small { font-weight: 400; font-size: 14px; color: var(--soft); letter-spacing: 0; }
h2 small, h3 small { margin-left: 6px; }
p { margin: 8px 0; }
a { color: var(--ours); text-underline-offset: 2px; }
code { font: 0.92em ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
.lead { max-width: 68ch; margin-top: 12px; }
.facts, .method { color: var(--soft); font-size: 14px; }
.method { margin: 2px 0 14px; }
article {
  margin: 16px 0; padding: 20px; min-width: 0;
  background: var(--panel); border: 1px solid var(--rule); border-radius: 8px;
}
.duels { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 16px; }
.duels article { margin: 0; }
.duels svg { margin-top: 10px; }
.bars { margin: 0; padding: 0; list-style: none; }
.bars li {
  display: grid; grid-template-columns: 84px minmax(0, 3fr) minmax(0, 2fr) 128px; gap: 2px 12px;
  align-items: baseline; padding: 6px 0; border-bottom: 1px solid var(--rule);
}
.what { font-size: 15px; }
.where { font-size: 14px; color: var(--soft); text-decoration-color: var(--rule); }
.figure { font-variant-numeric: tabular-nums; font-weight: 600; text-align: right; }
.verdict { font-size: 13px; font-weight: 600; }
.verdict::before { content: "●"; margin-right: 6px; font-size: 10px; vertical-align: 1px; }
.reached { color: var(--good); } .missed { color: var(--bad); } .aim { color: var(--aim); }
.missed::before { content: "▲"; } .aim::before { content: "○"; }
.chart { display: block; overflow: visible; }
.chart text { font-size: 13px; fill: var(--ink); font-variant-numeric: tabular-nums; }
/* A rim in the colour of the panel, where a line of the grid runs through a text. */
.chart text { paint-order: stroke; stroke: var(--panel); stroke-width: 3px; }
.chart .axis { font-size: 12px; fill: var(--soft); }
.chart .told { fill: var(--soft); }
.chart .label.ours, .chart .told.ours { fill: var(--ours); font-weight: 600; }
.chart .told.won { fill: var(--good); font-weight: 600; }
.chart .told.lost { fill: var(--bad); font-weight: 600; }
.grid { stroke: var(--rule); } .middle { stroke: var(--soft); }
.bar.ours { fill: var(--ours); } .bar.peer { fill: var(--peer); } .bar.floor { fill: var(--floor); }
.bar.won { fill: var(--good); } .bar.lost { fill: var(--bad); }
.whisker { stroke: var(--whisker); stroke-opacity: 0.75; stroke-width: 1.25; }
details { margin-top: 12px; }
summary { color: var(--soft); font-size: 14px; cursor: pointer; }
summary:focus-visible, a:focus-visible { outline: 2px solid var(--ours); outline-offset: 2px; }
.scroll { overflow-x: auto; }
table {
  margin-top: 8px; border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums;
}
th, td { padding: 5px 14px 5px 0; border-bottom: 1px solid var(--rule); white-space: nowrap; }
td, thead th { text-align: right; } th { font-weight: 500; text-align: left; }
thead th { color: var(--soft); font-weight: 400; } thead th:first-child { text-align: left; }
.failures { margin: 12px 0 0; padding-left: 18px; color: var(--bad); font-size: 14px; }
@media (max-width: 760px) {
  main { padding: 24px 16px 56px; }
  h1 { font-size: 26px; }
  .duels { grid-template-columns: minmax(0, 1fr); }
  article { padding: 16px 14px; }
  .bars li { grid-template-columns: 84px minmax(0, 1fr); }
  .what, .where { grid-column: 1 / -1; }
  .chart .remark { display: none; }
  .figure { grid-column: 2; grid-row: 1; }
}
`
