// The one error for people: a message, a hint and an exit code. Everything else that is thrown is a bug.

/** Exit codes of every command. */
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

/** @param why it could not go on, where it had to end at once */
export function replacedProgram(why?: unknown): UserError {
  const said = why instanceof Error ? ` (${why.message.split('\n')[0]})` : ''
  return new UserError(
    `another Broadsheet was installed while this one was at work; this one stopped, and nothing that was saved is lost${said}`,
    'Run the command again: the new one goes on.',
  )
}

/** One thing that is wrong in a file, for those who show it there: an editor, a code host, a program. */
export interface FileProblem {
  /** Relative to the publication's folder, with forward slashes. */
  readonly file: string
  /** 1-based; 0 when it belongs to the whole file. */
  readonly line: number
  readonly message: string
}

/** Problems that keep anything from being done, with file and line: for people one line each, 'articles/x.yaml:3: …'. */
export class FileError extends UserError {
  readonly problems: readonly FileProblem[]

  constructor(problems: readonly FileProblem[], hint: string) {
    super(
      problems
        .map(({ file, line, message }) => `${file}${line > 0 ? `:${line}` : ''}: ${message}`)
        .join('\n'),
      hint,
    )
    this.name = 'FileError'
    this.problems = problems
  }
}

/**
 * A file changed between the listing of its folder and its reading, so that what was read does not belong together. The
 * reader begins again; a person sees this only when that never ended.
 */
export class ChangedMeanwhile extends UserError {
  constructor(path: string) {
    super(
      `${path} was changed while it was being read, every time that it was tried`,
      'Build again when nobody writes to it.',
      EXIT.content,
    )
    this.name = 'ChangedMeanwhile'
  }
}

/** How often a folder is read that changes all the time. */
const MAX_FOLDER_READS = 10

/**
 * Returns when it is worth to read again.
 *
 * @throws the error, unless it says that a file changed meanwhile and it has not been tried often enough
 */
export function throwUnlessChanged(error: unknown, tries: number): void {
  if (!(error instanceof ChangedMeanwhile) || tries >= MAX_FOLDER_READS) throw error
}
