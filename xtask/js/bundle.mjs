// `bundle.mjs SOURCE SITE`: the page's scripts and styles for the wire, few and short, with source maps.

import { build } from 'esbuild'

const [source, site] = process.argv.slice(2)
const options = { bundle: true, minify: true, sourcemap: true, target: 'es2022', charset: 'utf8', legalComments: 'none', logLevel: 'warning' }

// What is imported only when it is needed stays apart, in files named by their contents. They stand where
// main.js does, so that addresses relative to a module are the same before and after.
await build({ ...options, entryPoints: [`${source}/js/main.js`], outdir: `${site}/js`, format: 'esm', splitting: true, chunkNames: '[name]-[hash]' })
await build({ ...options, entryPoints: [`${source}/css/page.css`], outdir: `${site}/css` })
