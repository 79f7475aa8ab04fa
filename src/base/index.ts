/** Small pure things that know nothing of caching. */
export { BYTE_SIZE_EXPECTED, type ByteSize, parseByteSize } from './byte-size.ts'
export { Deferred } from './deferred.ts'
export { DURATION_EXPECTED, type Duration, parseDuration } from './duration.ts'
export { hash48 } from './hash.ts'
export { nearestName } from './nearest-name.ts'
export { decodePercent, encodePercent, isEncodedCharacter, isWellFormed } from './percent.ts'
