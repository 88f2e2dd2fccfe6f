// What a rule over letters is: a name, and a function from one rendered letter to what it finds there.

import type { Article, Edition, Letter, LetterPicture, Publication } from '../../model.ts'
import type { Styles, View } from './letter-styles.ts'
import type { LetterElement, LetterPage } from './parse-letter.ts'

export interface CheckedLetter {
  readonly edition: Edition
  readonly publication: Publication
  /** `html` and `text` as one reader gets them, with addresses as long as signed ones. */
  readonly letter: Letter
  readonly page: LetterPage
  /** Without `<html>`, `<head>` and what is hidden: everything that can be seen. */
  readonly seen: readonly LetterElement[]
  styles(view?: Partial<View>): Styles
  /** By the address at which readers find them. */
  readonly pictures: ReadonlyMap<string, LetterPicture>
  /** Articles that have an address, in every state. */
  readonly articles: ReadonlyMap<string, Article>
}

export interface LetterFound {
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

export interface LetterRule {
  /** kebab-case; the name of its file. */
  readonly name: string
  readonly severity: 'error' | 'warning' | 'info'
  find(checked: CheckedLetter): LetterFound[]
}
