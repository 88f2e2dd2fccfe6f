// A template's text → the names of the partials it calls: {{> card}}, {{~#> "card"}}, {{> [c++]}}.

export function calledPartials(text: string): string[] {
  const calls = /\{\{~?#?>\s*(?:"([^"]+)"|'([^']+)'|\[([^\]]+)\]|([^\s}~]+))/g
  return [...text.matchAll(calls)].map(match => match.slice(1).find(name => name !== undefined)!)
}
