// What a rule is: a name, and a function from one article to what it finds there.

import type { OwnFiles } from '../content/index.ts'
import type { Article, Body, Loaded } from '../model.ts'
import type { BodyLine } from './articles/body-lines.ts'

export interface Checked {
  readonly article: Article
  readonly body: Body
  /** The article's Markdown, line by line, code blanked out. */
  readonly lines: readonly BodyLine[]
  readonly loaded: Loaded
  readonly ownFiles: OwnFiles
  /** Path relative to the publication's folder, NFC → article. */
  readonly byFile: ReadonlyMap<string, Article>
  /** Key of `byFile` in small letters → the key itself. */
  readonly fileByLowerCase: ReadonlyMap<string, string>
}

export interface Found {
  /** 1-based line of the file; 0 for the whole file. */
  readonly line: number
  readonly message: string
  readonly advice: string
  /** When it differs from the rule's. */
  readonly severity?: 'warning' | 'info'
}

export interface Rule {
  /** kebab-case; the name of its file. */
  readonly name: string
  readonly severity: 'warning' | 'info'
  find(checked: Checked): Found[]
}
