// The door of the room: arguments, environment and streams → a command and what it is given.

export type { ProcessLike } from './context.ts'
export { CLEAR_LINE, createContext } from './create-context.ts'
export { type Call, parseArguments } from './parse-arguments.ts'
