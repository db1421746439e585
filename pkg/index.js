import { createRequire } from 'node:module'

export const { CallerIdError, authenticate, createVerifier, decode, errorCodes, extract, init } = load()

function load() {
  try {
    // `import` would first parse the file for the names that it exports, which takes longer than to run it.
    return createRequire(import.meta.url)('./index.cjs')
  } catch (error) {
    throw new Error('callerid cannot be loaded; if your code is bundled, leave callerid out of the bundle ("external")', { cause: error })
  }
}
