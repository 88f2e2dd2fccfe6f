// The shape of a rule: a name, and a function from one article, or one rendered letter, to the problems in it.

import type { OwnFiles } from '../content/index.ts'
import type { Article, Body, Edition, Letter, LetterPicture, Loaded, Publication } from '../model.ts'
import type { ClientView, Styles } from './letter-styles.ts'
import type { LetterElement, LetterPage, Words } from './parse-letter.ts'

// ─── Rules for articles, and for what feeds show of them ────────────────────────────────────────────────────────────

export interface ArticleRule {
  /** kebab-case; the name of its file. */
  readonly name: string
  readonly severity: 'warning' | 'info'
  find(checked: CheckedArticle): Finding[]
}

export interface CheckedArticle {
  readonly article: Article
  readonly body: Body
  /** The article's Markdown, line by line, code blanked out. */
  readonly lines: readonly BodyLine[]
  readonly loaded: Loaded
  readonly ownFiles: OwnFiles
  /** Path relative to the publication's folder, NFC → article. */
  readonly byFile: () => ReadonlyMap<string, Article>
  /** Key of `byFile` in lower case → the key itself. */
  readonly fileByLowerCase: () => ReadonlyMap<string, string>
}

export interface BodyLine {
  /** 1-based line of the file. */
  readonly line: number
  /** As long as the line in the file. */
  readonly text: string
}

export interface Finding {
  /** 1-based line of the file; 0 for the whole file. */
  readonly line: number
  readonly message: string
  readonly advice: string
  /** When it differs from that of the rule. */
  readonly severity?: 'warning' | 'info'
}

// ─── Rules for letters ──────────────────────────────────────────────────────────────────────────────────────────────

export interface LetterRule {
  /** kebab-case; the name of its file. */
  readonly name: string
  readonly severity: 'error' | 'warning' | 'info'
  find(checked: CheckedLetter): LetterFinding[]
}

export interface CheckedLetter {
  readonly edition: Edition
  readonly publication: Publication
  /** With the slots filled as for a reader without a name, and addresses as long as signed ones. */
  readonly letter: Letter
  readonly page: LetterPage
  /** The elements in `<body>` that are not hidden. */
  readonly visible: readonly LetterElement[]
  /** The words in the visible elements. */
  words(): readonly Words[]
  styles(view?: Partial<ClientView>): Styles
  /** Own pictures by the address that the letter has for them. */
  readonly pictures: ReadonlyMap<string, LetterPicture>
  /** All articles, in every state, by address. */
  readonly articles: ReadonlyMap<string, Article>
}

export interface LetterFinding {
  /** Where; the whole letter if left out. */
  readonly element?: LetterElement | undefined
  readonly message: string
  readonly advice: string
  /** When it differs from that of the rule. */
  readonly severity?: 'error' | 'warning' | 'info'
  /** Where it has to be corrected: in the article (or the editor's note), the template, or the settings. */
  readonly blame?: 'article' | 'template' | 'settings'
  /** Which setting: ['newsletters', 0, 'from']. The whole file if left out. */
  readonly setting?: readonly (string | number)[]
}
