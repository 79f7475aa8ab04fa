/**
 * Keeps the methods of texts fast. The first class that extends `String` makes V8, in Node 20 to
 * 26, move them all into a hash table; from then on each call of one takes three times as long,
 * in the whole process. ioredis 6 has such a class. V8 leaves alone what it has seen in use as
 * the prototype of an object: so here it is used. Imported in front of ioredis by whoever
 * imports that (`test/tidy/imports.test.ts`).
 */
const text: { charCodeAt(at: number): number } = Object('text')
/** V8 looks at what is used from about 50 on. */
const uses = 1_000

for (let use = 0; use < uses; use++) text.charCodeAt(0)

export {}
