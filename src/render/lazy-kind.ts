// Functions of a source → what makes objects whose fields are their results, each worked out when it is first read. All of
// one kind share their getters: to give each object its own takes longer than much of what they find.

const SOURCE = Symbol('source')

export type Makers<Source, Fields> = {
  readonly [Key in keyof Fields]: (source: Source, self: Fields) => Fields[Key]
}

export function lazyKind<Source, Fields extends object>(
  makers: Makers<Source, Fields>,
): (source: Source) => Fields {
  function Lazy(this: { [SOURCE]: Source }, source: Source) {
    this[SOURCE] = source
  }
  for (const key of Object.keys(makers) as (keyof Fields)[]) {
    Object.defineProperty(Lazy.prototype, key, {
      enumerable: true,
      get(this: Fields & { [SOURCE]: Source }) {
        const value = makers[key](this[SOURCE], this)
        Object.defineProperty(this, key, { value, enumerable: true })
        return value
      },
    })
  }
  return source => new (Lazy as unknown as new (source: Source) => Fields)(source)
}
