// Functions without arguments → an object whose fields are their results, each worked out when it is first read.

type Results<T> = { readonly [Key in keyof T]: T[Key] extends () => infer Result ? Result : never }

export function remember<T extends Record<string, () => unknown>>(makers: T): Results<T> {
  const object = {}
  for (const [key, make] of Object.entries(makers)) {
    Object.defineProperty(object, key, {
      enumerable: true,
      configurable: true,
      get() {
        const value = make()
        Object.defineProperty(this, key, { value, enumerable: true })
        return value
      },
    })
  }
  return object as Results<T>
}
