// The plugins of markdown-it's own family come without types.

declare module 'markdown-it-abbr' {
  export default function plugin(engine: import('markdown-it').MarkdownIt): void
}
declare module 'markdown-it-deflist' {
  export default function plugin(engine: import('markdown-it').MarkdownIt): void
}
declare module 'markdown-it-ins' {
  export default function plugin(engine: import('markdown-it').MarkdownIt): void
}
declare module 'markdown-it-mark' {
  export default function plugin(engine: import('markdown-it').MarkdownIt): void
}
declare module 'markdown-it-sub' {
  export default function plugin(engine: import('markdown-it').MarkdownIt): void
}
declare module 'markdown-it-sup' {
  export default function plugin(engine: import('markdown-it').MarkdownIt): void
}
declare module 'markdown-it-emoji/lib/data/full.mjs' {
  const names: Readonly<Record<string, string>>
  export default names
}
