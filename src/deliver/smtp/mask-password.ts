// What a server said → the same without our password, however it was told: as it is, or in base64, as RFC 4954 has it sent.

import type { SmtpAddress } from './address.ts'

const MASK = '•••'

export function maskPassword(
  text: string,
  { user, password }: Pick<SmtpAddress, 'user' | 'password'>,
): string {
  if (!password) return text
  const told = [`\0${user}\0${password}`, password].map(secret => Buffer.from(secret).toString('base64'))
  // A server that repeats a line may leave out what only fills up its last group.
  return [password, ...told.map(code => code.replace(/=+$/, ''))].reduce(
    (masked, secret) => masked.replaceAll(secret, MASK),
    text,
  )
}
