// A file's name → the same for every name that is one with it on a disk that tells neither capitals nor the encoding of
// accents apart, as macOS and Windows have them.

/** Full case folding (Unicode §3.13, D145): 'ſ' is 's', 'σς' is 'σσ', 'ß' is 'ss'. */
export function foldedName(name: string): string {
  if (/^[ -~]*$/.test(name)) return name.toUpperCase()
  // A dotless ı is a letter of its own, on disks as in Turkish; in capitals it would be an I.
  const parts = name.normalize('NFD').toLowerCase().split('ı')
  return parts.map(part => part.toUpperCase()).join('ı')
}
