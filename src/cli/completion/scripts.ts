/**
 * Completion for shells, written out from the table of commands. Only names of families are asked
 * for while somebody types, of the catalog that a variable names, and never of a server. What is
 * answered is nobody's code: no script may have it expanded.
 */
import type { CommandRow, OptionRow } from '../command.ts'

export const shells = ['bash', 'zsh', 'fish', 'powershell'] as const

export type Shell = (typeof shells)[number]

/** A line for each name; nothing where no catalog is named. */
const familiesAsked = 'staleproof completion families 2>/dev/null'

export function completionFor(shell: Shell, commands: readonly CommandRow[]): readonly string[] {
  switch (shell) {
    case 'bash':
      return bash(commands)
    case 'zsh':
      return zsh(commands)
    case 'fish':
      return fish(commands)
    case 'powershell':
      return powershell(commands)
  }
}

function bash(commands: readonly CommandRow[]): readonly string[] {
  const names = commands.map(({ name }) => name).join(' ')
  const cases = commands.map(({ name, options }) => `    ${name}) words="${flagsOf(options)}" ;;`)
  const chosen = [...choicesIn(commands)].map(([option, words]) => {
    return `    --${option}) COMPREPLY=($(compgen -W "${words.join(' ')}" -- "$word")); return ;;`
  })
  const named = [...familyOptionsIn(commands)].map((option) => {
    return `    --${option}) _staleproof_families "$word"; return ;;`
  })
  return [
    '# bash completion for staleproof',
    '# Names are compared here: compgen -W would run what stands in them.',
    '_staleproof_families() {',
    '  local name',
    '  while IFS= read -r name; do',
    '    case "$name" in "$1"*) COMPREPLY+=("$name") ;; esac',
    `  done < <(${familiesAsked})`,
    '}',
    '_staleproof() {',
    '  local words="" word before',
    `  word="$\{COMP_WORDS[COMP_CWORD]}" before="$\{COMP_WORDS[COMP_CWORD-1]}"`,
    '  COMPREPLY=()',
    '  if [ "$COMP_CWORD" -eq 1 ]; then',
    `    COMPREPLY=($(compgen -W "${names} --help --version" -- "$word"))`,
    '    return',
    '  fi',
    '  case "$before" in',
    ...chosen,
    ...named,
    '  esac',
    `  case "$\{COMP_WORDS[1]}" in`,
    ...cases,
    '  esac',
    '  case "$word" in',
    '    -*) COMPREPLY=($(compgen -W "$words --help" -- "$word")) ;;',
    '    *) COMPREPLY=($(compgen -f -- "$word")) ;;',
    '  esac',
    '}',
    'complete -o filenames -F _staleproof staleproof',
  ]
}

function zsh(commands: readonly CommandRow[]): readonly string[] {
  const rows = commands.map(({ name, summary }) => `    '${name}:${zshText(summary)}'`)
  const cases = commands.map(({ name, options }) => {
    const specs = options.map((option) => `'${zshOption(option)}'`)
    return `    ${name}) _arguments ${[...specs, "'*:file:_files'"].join(' ')} ;;`
  })
  return [
    '#compdef staleproof',
    '_staleproof() {',
    '  local -a commands',
    '  commands=(',
    ...rows,
    '  )',
    '  if (( CURRENT == 2 )); then',
    "    _describe 'command' commands",
    '    return',
    '  fi',
    '  local command=$words[2]',
    '  shift words; (( CURRENT-- ))',
    '  case $command in',
    ...cases,
    '  esac',
    '}',
    '# As a file of fpath it is called; sourced, it has to register itself.',
    'if [ "$funcstack[1]" = "_staleproof" ]; then _staleproof "$@"',
    'else compdef _staleproof staleproof',
    'fi',
  ]
}

function zshOption(option: OptionRow): string {
  const { name, summary, kind, value } = option
  const many = kind === 'texts' ? '*' : ''
  const text = `${many}--${name}[${zshText(summary)}]`
  return kind === 'flag' ? text : `${text}:${value ?? 'value'}:${zshAction(option)}`
}

function zshAction({ choices, completes }: OptionRow): string {
  if (completes === 'families') return `{compadd -- $(${familiesAsked})}`
  return choices === undefined ? '_files' : `(${choices.join(' ')})`
}

function zshText(text: string): string {
  return text.replaceAll("'", '’').replace(/[[\]:]/g, ' ')
}

function fish(commands: readonly CommandRow[]): readonly string[] {
  const rows = commands.map(({ name, summary }) => {
    return `complete -c staleproof -f -n __fish_use_subcommand -a ${name} -d ${fishText(summary)}`
  })
  const options = commands.flatMap(({ name: command, options: all }) =>
    all.map(({ name, summary, kind, choices, completes }) => {
      const there = `complete -c staleproof -n '__fish_seen_subcommand_from ${command}'`
      const takes = kind === 'flag' ? '' : ' -r'
      const words = completes === 'families' ? `(${familiesAsked})` : choices?.join(' ')
      const values = words === undefined ? '' : ` -f -a '${words}'`
      return `${there} -l ${name}${takes}${values} -d ${fishText(summary)}`
    }),
  )
  return ['# fish completion for staleproof', ...rows, ...options]
}

function fishText(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

function powershell(commands: readonly CommandRow[]): readonly string[] {
  const table = commands.map(({ name, options }) => {
    return `    '${name}' = @(${options.map((option) => `'--${option.name}'`).join(', ')})`
  })
  const choices = [...choicesIn(commands)].map(([option, words]) => {
    return `    '--${option}' = @(${words.map((word) => `'${word}'`).join(', ')})`
  })
  const naming = [...familyOptionsIn(commands)].map((option) => `'--${option}'`).join(', ')
  return [
    '# PowerShell completion for staleproof',
    'Register-ArgumentCompleter -Native -CommandName staleproof -ScriptBlock {',
    '  param($word, $ast, $position)',
    '  $options = [ordered]@{',
    ...table,
    '  }',
    '  $choices = @{',
    ...choices,
    '  }',
    '  $elements = @($ast.CommandElements | ForEach-Object { $_.ToString() })',
    '  $isCommand = $elements.Count -lt 2 -or ($elements.Count -eq 2 -and $word -ne "")',
    '  $before = if ($word -eq "") { $elements[-1] } else { $elements[-2] }',
    `  $words = if (@(${naming}) -contains $before) { staleproof completion families 2>$null }`,
    '    elseif ($choices.ContainsKey($before)) { $choices[$before] }',
    '    elseif ($isCommand) { $options.Keys } else { $options[$elements[1]] }',
    '  $words | Where-Object { $_ -like "$word*" } | ForEach-Object {',
    "    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)",
    '  }',
    '}',
  ]
}

function flagsOf(options: readonly OptionRow[]): string {
  return options.map(({ name }) => `--${name}`).join(' ')
}

function choicesIn(commands: readonly CommandRow[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>()
  for (const { name, choices } of commands.flatMap(({ options }) => options)) {
    if (choices !== undefined) found.set(name, choices)
  }
  return found
}

function familyOptionsIn(commands: readonly CommandRow[]): ReadonlySet<string> {
  const options = commands.flatMap((command) => command.options)
  return new Set(options.flatMap(({ name, completes }) => (completes === 'families' ? name : [])))
}
