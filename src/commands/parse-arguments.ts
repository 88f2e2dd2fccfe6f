// Arguments → the command that is meant, with its positionals and options; or the help text, or what is wrong with them.

import { Command as Commander, CommanderError, Option as CommanderOption } from 'commander'
import { EXIT, type ExitCode } from '../errors.ts'
import type { Command } from './context.ts'
import { commands, commonOptions } from './index.ts'
import { version } from './version.ts'

export interface Call {
  readonly command: Command
  readonly args: readonly string[]
  readonly options: Readonly<Record<string, string | boolean | undefined>>
}

/** Text that ends the run before any command: help, version, or wrong use. */
export interface Answer {
  readonly text: string
  readonly exit: ExitCode
}

export function parseArguments(argv: readonly string[]): Call | Answer {
  let call: Call | undefined
  let text = ''
  const program = new Commander('broadsheet')
    .description('A folder of Markdown articles in; RSS, Atom and JSON feeds, and an email newsletter out.')
    .usage('<command> [options]')
    .version(version(), '--version')
    .helpCommand(false)
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
  try {
    program.parse(argv.length > 0 ? [...argv] : ['--help'], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    const exit = error.exitCode === 0 ? EXIT.done : EXIT.usage
    return { text: exit === EXIT.usage ? wrongUse(text, argv) : text, exit }
  }
  return call ?? { text: program.helpInformation(), exit: EXIT.usage }
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function wrongUse(text: string, argv: readonly string[]): string {
  const known = commands.some(command => command.name === argv[0])
  const help = known ? `broadsheet ${argv[0]} --help` : 'broadsheet --help'
  return `broadsheet: ${text.replace(/^error: /, '').trimEnd()}\n  ${help} shows how it is used.\n`
}
