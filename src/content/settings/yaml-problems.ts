// Settings as YAML parsed them, and their text → what is wrong with them as YAML, in words for who writes them by hand.

import { type Document, isCollection, isScalar, type Node, visit, type YAMLError } from 'yaml'

export interface YamlProblem {
  /** Where in the text the mistake begins. */
  readonly offset: number
  readonly text: string
}

export function yamlProblems(document: Document.Parsed, text: string): YamlProblem[] {
  // A tag that nothing gives a meaning to is only a warning to the parser, and what it stands before is taken as text.
  const tags = document.warnings.filter(({ code }) => code === 'TAG_RESOLVE_FAILED')
  return [...document.errors, ...tags].map(problem => describe(problem, document, text))
}

function describe(problem: YAMLError, document: Document.Parsed, text: string): YamlProblem {
  const [offset] = problem.pos
  switch (problem.code) {
    case 'MULTIPLE_DOCS': {
      const isEnd = /^---\s*(?:#.*)?$/.test(text.slice(offset).trim())
      return {
        offset,
        text: isEnd
          ? 'a line of --- begins a second document, and this one is empty: delete it'
          : 'a line of --- begins a second document: settings are one, delete that line',
      }
    }
    case 'DUPLICATE_KEY': {
      const key = /^[^\s:,}]+/.exec(text.slice(offset))?.[0] ?? 'a key'
      return { offset, text: `${key}: this key stands here twice; keep one of the two` }
    }
    case 'TAG_RESOLVE_FAILED': {
      const tag = /^\S+/.exec(text.slice(offset))?.[0] ?? ''
      return {
        offset,
        text: `${tag} is a tag of YAML that has no meaning here: write the value alone, or in quotes`,
      }
    }
    case 'BLOCK_AS_IMPLICIT_KEY':
      return {
        offset,
        text: "a value with a colon and a space in it stands in quotes: title: 'Kerala: a guide'",
      }
    case 'MISSING_CHAR': {
      const quoted = opener(document, offset, node => isScalar(node) && /^QUOTE/.test(node.type ?? ''))
      return quoted === undefined
        ? { offset, text: `not YAML: ${problem.message}` }
        : { offset: quoted, text: `the quotation mark ${text[quoted]} that opens here is not closed` }
    }
    case 'BAD_INDENT': {
      const flow = opener(document, offset, node => isCollection(node) && node.flow === true)
      if (flow !== undefined && /^Flow/.test(problem.message))
        return { offset: flow, text: `the bracket ${text[flow]} that opens here is not closed` }
    }
  }
  return { offset, text: `not YAML: ${problem.message}` }
}

/** Where the innermost node of a kind opens that the parser had not seen the end of. */
function opener(
  document: Document.Parsed,
  offset: number,
  isKind: (node: Node) => boolean,
): number | undefined {
  let found: number | undefined
  visit(document, {
    Node(_, node) {
      const [from, to] = node.range ?? [0, 0]
      if (isKind(node as Node) && from < offset && to >= offset) found = from
    },
  })
  return found
}
