// What a rule is: a name, and a function from one article, or one rendered letter, to what it finds there.

import type { OwnFiles } from '../content/index.ts'
import type { Article, Body, Edition, Letter, LetterPicture, Loaded, Publication } from '../model.ts'
import type { ClientView, Styles } from './letter-styles.ts'
import type { LetterElement, LetterPage, Words } from './parse-letter.ts'

// ─── Over articles, as they stand and as feeds have them ────────────────────────────────────────────────────────────

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
  readonly byFile: ReadonlyMap<string, Article>
  /** Key of `byFile` in small letters → the key itself. */
  readonly fileByLowerCase: ReadonlyMap<string, string>
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
  /** When it differs from the rule's. */
  readonly severity?: 'warning' | 'info'
}

// ─── Over letters ──────────────────────────────────────────────────────────────────────────────────────────────────

export interface LetterRule {
  /** kebab-case; the name of its file. */
  readonly name: string
  readonly severity: 'error' | 'warning' | 'info'
  find(checked: CheckedLetter): LetterFinding[]
}

export interface CheckedLetter {
  readonly edition: Edition
  readonly publication: Publication
  /** `html` and `text` as one reader gets them, with addresses as long as signed ones. */
  readonly letter: Letter
  readonly page: LetterPage
  /** Without `<html>`, `<head>` and what is hidden: everything that can be seen. */
  readonly visible: readonly LetterElement[]
  /** The words in it. */
  words(): readonly Words[]
  styles(view?: Partial<ClientView>): Styles
  /** By the address at which readers find them. */
  readonly pictures: ReadonlyMap<string, LetterPicture>
  /** Articles that have an address, in every state. */
  readonly articles: ReadonlyMap<string, Article>
}

export interface LetterFinding {
  /** Where; the whole letter if left out. */
  readonly element?: LetterElement | undefined
  readonly message: string
  readonly advice: string
  /** When it differs from the rule's. */
  readonly severity?: 'error' | 'warning' | 'info'
  /** Who can put it right: whoever wrote the article (or the note), the template, or the settings. */
  readonly blame?: 'article' | 'template' | 'settings'
  /** Which setting: ['newsletters', 0, 'from']. The whole file if left out. */
  readonly setting?: readonly (string | number)[]
}
