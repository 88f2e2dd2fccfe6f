// Text, names, addresses, times, colours and signatures. What other rooms use of it.

export {
  type Address,
  addressHash,
  decodePath,
  domainOf,
  ENCODE_PASSWORD,
  isNormalUrl,
  mailboxOf,
  parseAddress,
  parseUrl,
  providerOf,
  readSecretUrl,
  type SecretUrl,
  shownUser,
} from './addresses.ts'
export { contrast, fromHsl, luminance, mix, toHsl } from './colour.ts'
export { once } from './once.ts'
export {
  allowFastPaths,
  codeFolder,
  discardUnfinished,
  fastPathsAllowed,
  IGNORED,
  makeIgnoredFolder,
  packageFolder,
  writeWhole,
} from './program.ts'
export {
  bounceAddress,
  bounceAddresses,
  type Claim,
  editionTag,
  FOR_EVER,
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
export {
  charWidth,
  cleanText,
  cutShort,
  didYouMean,
  duration,
  figure,
  findIllegal,
  foldedName,
  mediaTypeOf,
  oneLine,
  portableName,
  shortHash,
  textWidth,
} from './text.ts'
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
