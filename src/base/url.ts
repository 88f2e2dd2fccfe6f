// Text → an address, or undefined where it is none. In place of `URL.canParse`, which in Node 20, once it has been
// called some thousand times, takes `https://münchen.de/` for no address: a folder of many links lost some of them.

export function parseUrl(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base)
  } catch {
    return undefined
  }
}

const NORMAL_URL =
  /^https?:\/\/(?![^/]*xn--)(?:[a-z0-9-]+\.)*[a-z][a-z0-9-]*(?:\/(?!\.\.?(?:[/?#]|$))[\w\-.~]*)+(?:[?#][\w\-.~=&/]*)?$/

/**
 * Whether a text is certainly an address in its normal form, found at a tenth of the cost of parsing it:
 * nothing in it is encoded, short for something or in capitals that mean nothing.
 */
export function isNormalUrl(text: string): boolean {
  return NORMAL_URL.test(text)
}

/** A path without percent signs; as it is where they mean nothing. */
export function decodePath(path: string): string {
  if (!path.includes('%')) return path
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** An address with a user name and a password in it, both decoded. */
export interface SecretUrl {
  readonly url: URL
  readonly user: string
  readonly password: string
}

/**
 * Text with a password in it → its parts, or what is wrong with it in words that repeat nothing of it.
 *
 * A `/`, `?` or `#` that is not percent-encoded ends the host early, so that a part of the password would be taken for the
 * host's name, and be printed wherever the host is: an `@` behind it gives it away.
 */
export function readSecretUrl(text: string): SecretUrl | { readonly problem: string } {
  const [, behind = ''] = /^[a-z][a-z0-9+.-]*:\/\/(.*)$/is.exec(text) ?? []
  const end = behind.search(/[/?#]/)
  if (end !== -1 && behind.includes('@', end))
    return { problem: 'has a /, ? or # before its @ that is not percent-encoded' }
  if (/\p{Cc}/u.test(text)) return { problem: 'has a control character in it' }
  const url = parseUrl(text)
  // PostgreSQL's are without a host where it is reached through a socket: postgres:///broadsheet?host=/run/postgresql
  if (!url || (!url.hostname && !/^postgres/i.test(text))) return { problem: 'is not an address' }
  try {
    return { url, user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }
  } catch {
    return { problem: 'has a % in its user name or password that is not percent-encoded' }
  }
}

/** What a `problem` needs to be put right. */
export const ENCODE_PASSWORD =
  'In a user name or password write @ as %40, / as %2F, # as %23, ? as %3F, : as %3A, % as %25 and a space as %20.'

/** A user name for people: some providers want the same secret in both places. */
export function shownUser({ user, password }: Pick<SecretUrl, 'user' | 'password'>): string {
  return user !== '' && user === password ? '•••' : user
}
