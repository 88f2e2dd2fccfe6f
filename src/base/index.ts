// Text, names, addresses, times, colours and signatures. What other rooms use of it.

export { type Address, addressHash, domainOf, mailboxOf, parseAddress } from './address.ts'
export { contrast, fromHsl, luminance, mix, toHsl } from './colour.ts'
export { allowFastPaths, fastPathsAllowed } from './fast-paths.ts'
export { foldedName, mediaTypeOf, portableName, shortHash } from './file-name.ts'
export { discardUnfinished, IGNORED, makeIgnoredFolder, writeWhole } from './ignored-folder.ts'
export { once } from './once.ts'
export { codeFolder, packageFolder } from './package-folder.ts'
export {
  bounceAddress,
  bounceAddresses,
  type Claim,
  editionTag,
  isSameSecret,
  keysOf,
  messageId,
  messageIds,
  readBounceAddress,
  readPass,
  readToken,
  requestMail,
  signPass,
  signToken,
  signTokens,
} from './signed-links.ts'
export { charWidth, cleanText, cutShort, didYouMean, findIllegal, oneLine, textWidth } from './text.ts'
export {
  decodePath,
  ENCODE_PASSWORD,
  isNormalUrl,
  parseUrl,
  readSecretUrl,
  type SecretUrl,
  shownUser,
} from './url.ts'
export {
  isMidnight,
  isoTime,
  type LiveHeading,
  liveTimes,
  openZone,
  readableDay,
  readableTime,
  readLiveHeading,
  type Zone,
} from './zoned-time.ts'
