import callerid from './index.cjs'

export const { CallerIdError, authenticate, createVerifier, decode, errorCodes, extract, init } = callerid
