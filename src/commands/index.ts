// Arguments, environment and streams → a command and its context. What other rooms use of it.

export type { ProcessLike } from './context.ts'
export { CLEAR_LINE, createContext } from './create-context.ts'
export { type Call, parseArguments } from './parse-arguments.ts'
