// Entry point of commands: arguments, environment and streams → a command and its context.

export type { ProcessLike } from './context.ts'
export { CLEAR_LINE, createContext } from './create-context.ts'
export { type Call, parseArguments } from './parse-arguments.ts'
