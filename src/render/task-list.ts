// markdown-it plugin: `- [ ] text` and `- [x] text` → list items that begin with ☐ and ☑, which every reader and mail
// client can show (a check box is a form element, and feeds and mails may hold none).

import type { MarkdownIt } from 'markdown-it'

export function taskList(markdown: MarkdownIt): void {
  markdown.core.ruler.after('inline', 'task_list', ({ tokens }) => {
    for (let at = 2; at < tokens.length; at++) {
      const token = tokens[at]!
      if (
        token.type !== 'inline' ||
        tokens[at - 1]!.type !== 'paragraph_open' ||
        tokens[at - 2]!.type !== 'list_item_open'
      )
        continue
      const first = token.children?.[0]
      const match =
        first?.type === 'text'
          ? /^\[([ xX])\][ \t]+(?=\S)/.exec(first.content + nextContent(token.children!))
          : null
      if (first && match)
        first.content = `${match[1] === ' ' ? '☐' : '☑'} ${first.content.slice(match[0].length)}`
    }
  })
}

/** `- [ ] **bold**`: the text node ends with the space, and what follows is another node. */
function nextContent(children: readonly { content: string }[]): string {
  return children.length > 1 ? children[1]!.content || 'x' : ''
}
