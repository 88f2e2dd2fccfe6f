// A call of a partial → its name, or nothing where that is known only when it is filled: {{> (lookup …)}}, {{> @partial-block}}.

export function calledPartial({ name }: hbs.AST.PartialStatement): string | undefined {
  if (name.type === 'SubExpression') return undefined
  const { original, data } = name as hbs.AST.PathExpression
  return data ? undefined : String(original)
}
