/** Styles are imported for what they do; there is nothing to be had from them. */
declare module '*.css'
