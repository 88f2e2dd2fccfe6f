// One command in a process of its own, which may be stopped or killed at any moment.
// node process.mjs <compiled src> <command> <folder> <{ args, options } as JSON>; the rest is in the environment

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [, , src, name, cwd, call] = process.argv
const load = path => import(pathToFileURL(join(src, path)).href)
const { createContext } = await load('commands/context.js')
const { commands } = await load('commands/command-table.js')
const command = await commands.find(one => one.name === name).load()

const stop = new AbortController()
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => stop.abort())
const { args = [], options = {} } = JSON.parse(call)
const context = createContext(
  { command: {}, args, options },
  {
    argv: [],
    env: process.env,
    cwd,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    clock: Date.now,
    signal: stop.signal,
  },
)
try {
  process.exitCode = await command.run(context)
} catch (error) {
  process.stderr.write(`${error.message}\n${error.hint ?? error.stack}\n`)
  process.exitCode = error.exit ?? 70
}
