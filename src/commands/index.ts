// The door of the room: arguments, environment and streams → a command and what it is given.

export { createContext } from './create-context.ts'
export { type Call, parseArguments } from './parse-arguments.ts'
export type { ProcessLike } from './process-like.ts'
