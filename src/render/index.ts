// Markdown → HTML for feeds and pages, HTML for mail, plain text. What other rooms use of it.

export { createRenderer, openMarkdown, type TracingRenderer } from './create-renderer.ts'
export { hasHighlights, hasKnownCode, highlightCode } from './highlight-code.ts'
export { type Dependency, namesArticle, PLAYER_PAGE } from './references.ts'
export {
  type KeptText,
  type KnownTexts,
  openTexts,
  type PackedTexts,
  packTexts,
  type Remembering,
  rememberTexts,
  type WholeText,
} from './remember-texts.ts'
