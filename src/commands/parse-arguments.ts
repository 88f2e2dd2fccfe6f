// Arguments → the command that is meant with its options, or the help that was asked for, or what is wrong with them.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command as Commander, CommanderError, Option as CommanderOption } from 'commander'
import { packageFolder } from '../base/index.ts'
import { UserError } from '../errors.ts'
import { commands, commonOptions } from './command-table.ts'
import type { Call } from './context.ts'

/** Text that ends the run before any command: help or version. */
interface Answer {
  readonly text: string
}

export function parseArguments(argv: readonly string[]): Call | Answer | { readonly wrong: UserError } {
  let call: Call | undefined
  let text = ''
  const program = new Commander('broadsheet')
    .description('A folder of Markdown articles in; RSS, Atom and JSON feeds, and an email newsletter out.')
    .usage('<command> [options]')
    .version(version(), '--version')
    .helpCommand('help [command]', 'the same as --help')
    .showHelpAfterError(false)
  const collect = (chunk: string) => {
    text += chunk
  }
  const settings = { writeOut: collect, writeErr: collect }
  program.configureOutput(settings).exitOverride()
  for (const command of commands) {
    const sub = program.command(`${command.name} ${command.args}`.trim()).summary(command.summary)
    sub.description(command.summary).configureOutput(settings).exitOverride()
    for (const { flags, summary } of [...command.options, ...commonOptions]) {
      sub.addOption(new CommanderOption(flags, summary))
    }
    sub.addHelpText('after', `\nExample:\n  ${command.example}\n`)
    sub.action(() => {
      call = { command, args: sub.processedArgs.flat().filter(isText), options: sub.opts() }
    })
  }
  const meant = meantBy(argv)
  try {
    program.parse(meant, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? { text } : { wrong: wrongUse(text, meant) }
  }
  return call ?? { text: program.helpInformation() }
}

/**
 * What every command understands may come before its name: `--dir site build`. `help` is spelt out here: commander answers
 * `help` of a command that is none with all that it knows, as an error.
 */
function meantBy(argv: readonly string[]): string[] {
  const before = commonBefore(argv)
  const [first = 'help', ...rest] = [...argv.slice(before.length), ...before]
  if (first !== 'help') return [first, ...rest]
  const name = rest.find(word => word !== 'help' && !word.startsWith('-'))
  if (name === undefined) return ['--help']
  return isCommand(name) ? [name, '--help'] : [name]
}

/** The common options, and their values, before the command's name; none where no command follows. */
function commonBefore(argv: readonly string[]): readonly string[] {
  let at = 0
  for (;;) {
    const [name] = argv[at]?.split('=') ?? []
    const option = commonOptions.find(({ flags }) => flags.split(' ')[0] === name)
    if (!option) return isCommand(argv[at]) || argv[at] === 'help' ? argv.slice(0, at) : []
    at += option.flags.includes('<') && argv[at] === name ? 2 : 1
  }
}

function isCommand(name: string | undefined): boolean {
  return commands.some(command => command.name === name)
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function wrongUse(text: string, argv: readonly string[]): UserError {
  const help = isCommand(argv[0]) ? `broadsheet ${argv[0]} --help` : 'broadsheet --help'
  const [message = '', ...more] = text.trim().split('\n')
  const hint = [...more, `${help} shows how it is used.`].join('\n')
  return new UserError(message.replace(/^error: /, ''), hint)
}

/** Of the package. */
function version(): string {
  const text = readFileSync(join(packageFolder, 'package.json'), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
