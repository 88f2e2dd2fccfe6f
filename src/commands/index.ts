// The table of commands. A new command is one file and one row here; help and the README's reference come from it.

import type { Command, Option } from './context.ts'

/** What every command understands. */
export const commonOptions: readonly Option[] = [
  { flags: '--dir <folder>', summary: 'the publication (default: here)' },
  { flags: '--json', summary: 'one JSON document on standard output' },
  { flags: '--quiet', summary: 'results and errors only' },
  { flags: '--now <time>', summary: 'the time to go by, ISO 8601: 2026-01-30T07:00+05:30' },
]

export const commands: readonly Command[] = [
  {
    name: 'demo',
    args: '',
    summary: 'from a fresh clone to a letter in an inbox: builds and sends on this machine only',
    options: [],
    example: 'broadsheet demo',
    load: () => import('./demo.ts'),
  },
  {
    name: 'init',
    args: '[folder]',
    summary: 'a new publication that builds at once',
    options: [],
    example: 'broadsheet init site',
    load: () => import('./init.ts'),
  },
  {
    name: 'build',
    args: '',
    summary: 'articles → feeds, pages and editions in out/',
    options: [],
    example: 'broadsheet build --now 2026-01-30T07:00+05:30',
    load: () => import('./build.ts'),
  },
  {
    name: 'check',
    args: '',
    summary: 'every problem of articles and settings; exit 1 on errors',
    options: [{ flags: '--format <format>', summary: 'pretty, json or github (default: pretty)' }],
    example: 'broadsheet check --format github',
    load: () => import('./check.ts'),
  },
  {
    name: 'edition',
    args: '[newsletter/id]',
    summary: 'which editions there are; what is in one, and what was left out and why',
    options: [],
    example: 'broadsheet edition weekly/2026-W05',
    load: () => import('./edition.ts'),
  },
]
