// The one error for people: a message, a hint and an exit code. Everything else that is thrown is a bug.

/** Exit codes of every command. DESIGN.md section 4. */
export const EXIT = { done: 0, content: 1, usage: 2, attention: 3, interrupted: 130 } as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/**
 * Something that the person at the keyboard can put right. Shown as message and hint, without a stack.
 *
 * @param message what is wrong, with the offending text
 * @param hint what to do, with an example of right; may be empty
 * @param exit 2 (wrong use or settings) unless said otherwise
 */
export class UserError extends Error {
  readonly hint: string
  readonly exit: ExitCode

  constructor(message: string, hint = '', exit: ExitCode = EXIT.usage) {
    super(message)
    this.name = 'UserError'
    this.hint = hint
    this.exit = exit
  }
}
