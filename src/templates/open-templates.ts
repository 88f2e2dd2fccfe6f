// Template name + data → text; words for people come from `strings/<language>.yaml`. Articles are data here: no text of
// theirs is ever compiled.

import { TemplateCompiler } from './compile-template.ts'
import { Languages, type Words } from './languages.ts'
import { TemplateFiles, type TemplateText } from './template-files.ts'
import { type RenderOptions, templateFunctions } from './template-functions.ts'

export interface Templates {
  /** Text of the template and the path it was found at. Throws UserError when neither folder has it. */
  read(name: string): TemplateText
  has(name: string): boolean
  /**
   * Fills `name` (relative to templates/, e.g. 'pages/index.html.hbs'). A `.txt.hbs` escapes nothing; in `.mjml.hbs`
   * and `.txt.hbs` a name that the data does not have is an error. Throws UserError that names file and line.
   */
  render(name: string, data: object, options: RenderOptions): string
  words(language: string): Words
  /** Whether there is a catalogue for this language, or for the language it is a variety of. */
  speaks(language: string): boolean
  /** Keys of words with this prefix that are English in this language, since no catalogue has them. */
  missingWords(language: string, prefix: string): string[]
}

/**
 * @param own the publication's own templates folder (need not exist)
 * @param trace marks every tag of a mail with its template and line: what is found in it can be reported with them
 */
export function openTemplates(own: string, { trace = false } = {}): Templates {
  const files = new TemplateFiles(own)
  const languages = new Languages(language => files.catalogue(language))
  const compiler = new TemplateCompiler(files, trace)
  const functions = new Map<string, ReturnType<typeof templateFunctions>>()
  return {
    read: name => files.read(name),
    has: name => files.has(name),
    render(name, data, options) {
      const key = `${options.language} ${options.timezone}`
      const helpers = functions.get(key) ?? templateFunctions(languages, options)
      functions.set(key, helpers)
      return compiler.compile(name)(data, { helpers })
    },
    words: language => languages.words(language),
    speaks: language => languages.speaks(language),
    missingWords: (language, prefix) => languages.missing(language, prefix),
  }
}
