/** Builds the page into `dist/dashboard`: hashed files, relative addresses, nothing inline. */
import { defineConfig, type Plugin } from 'vite'

/** The page is drawn in its theme from the first frame on: `theme.ts` runs before anything. */
const themeFirst: Plugin = {
  name: 'theme-first',
  transformIndexHtml: {
    order: 'post',
    handler: (_, { bundle }) => {
      const theme = Object.values(bundle ?? {}).find(
        (file) => file.type === 'chunk' && file.isEntry && file.name === 'theme',
      )
      if (theme === undefined) return []
      return [{ tag: 'script', attrs: { src: `./${theme.fileName}` }, injectTo: 'head-prepend' }]
    },
  },
}

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [themeFirst],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../dist/dashboard',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        page: `${import.meta.dirname}/index.html`,
        theme: `${import.meta.dirname}/theme.ts`,
      },
    },
  },
})
