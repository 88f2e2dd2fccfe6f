// The door of the room: Markdown → HTML for feeds and pages, HTML for mail, plain text.

export { createRenderer, type TracingRenderer } from './open-renderer.ts'
export { namesArticle } from './references.ts'
export { type KeptText, type KnownTexts, type Remembering, rememberTexts } from './remember-texts.ts'
export type { Asked } from './trace-references.ts'
