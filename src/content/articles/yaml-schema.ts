// YAML as front matter means it: text, true and false, null, and numbers that read back as they were written. Dates stay
// text (their offset matters), `1.10` stays `1.10`, `007` and `12:30` are no numbers.

import type Yaml from 'js-yaml'

const plainNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/

export function makeYamlSchema(yaml: typeof Yaml): Yaml.Schema {
  const number = new yaml.Type('tag:yaml.org,2002:float', {
    kind: 'scalar',
    resolve: (text: string | null) =>
      text !== null && plainNumber.test(text) && String(Number(text)) === text,
    construct: Number,
  })

  const boolean = new yaml.Type('tag:yaml.org,2002:bool', {
    kind: 'scalar',
    resolve: (text: string | null) => text !== null && /^(?:true|True|TRUE|false|False|FALSE)$/.test(text),
    construct: (text: string) => text.toLowerCase() === 'true',
  })

  const nothing = new yaml.Type('tag:yaml.org,2002:null', {
    kind: 'scalar',
    resolve: (text: string | null) => text === null || /^(?:~|null|Null|NULL|)$/.test(text),
    construct: () => null,
  })

  /** `<<: *defaults`, which other tools' folders use. */
  const merge = new yaml.Type('tag:yaml.org,2002:merge', {
    kind: 'scalar',
    resolve: (text: string | null) => text === '<<',
  })

  return new yaml.Schema({
    include: [yaml.FAILSAFE_SCHEMA],
    implicit: [nothing, boolean, number, merge],
  })
}
