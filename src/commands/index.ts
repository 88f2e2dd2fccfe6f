// Arguments, environment and streams → a command and its context. What other rooms use of it.

export { parseArguments } from './command-table.ts'
export { type Call, CLEAR_LINE, createContext, type ProcessLike } from './context.ts'
