// Arguments, environment and streams → a command and its context. What other rooms use of it.

export { isReplaced } from '../base/index.ts'
export { type Call, CLEAR_LINE, createContext, type ProcessLike } from './context.ts'
export { parseArguments } from './parse-arguments.ts'
