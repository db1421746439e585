// Runs on every platform, against the packed package; returns what must be the same on all of them.

export async function useEverywhere(callerid, { audience, email, keys, keysUrl, good, bad, iap, iapKeys }) {
  const { CallerIdError, createVerifier, decode, errorCodes, extract, init } = callerid
  const outcome = {}
  // Before anything was loaded.
  const early = createVerifier({ audience, callers: [email], keys })
  outcome.email = (await early.verify(good)).email
  await init()
  const verifier = createVerifier({ audience, callers: [email], keys })
  outcome.same = verifier.verifySync(good).claims.email
  try {
    await verifier.verify(bad)
  } catch (error) {
    outcome.refused = [error instanceof CallerIdError, error.code, error.status]
  }
  try {
    createVerifier({ audiance: audience, callers: [email] })
  } catch (error) {
    outcome.misspelled = error instanceof TypeError
  }
  const elliptic = createVerifier({ profile: 'iap', audience: '/projects/1/apps/p', callers: ['ann@example.com'], keys: iapKeys })
  outcome.iap = (await elliptic.verify(iap)).kind
  outcome.decoded = decode(good).unverified_claims.aud
  outcome.extracted = extract(`Bearer ${good}`).tokens[0] === good
  outcome.codes = Object.keys(errorCodes()).length > 30
  const request = new Request('https://service.example/', { headers: { authorization: `Bearer ${bad}` } })
  outcome.response = (await verifier.verifyRequest(request)).response.status
  const fetching = createVerifier({ audience, callers: [email], keys: keysUrl })
  outcome.fetched = (await Promise.all([fetching.verify(good), fetching.verify(good)])).length
  return outcome
}

export const expected = (email, audience) => ({
  email,
  same: email,
  refused: [true, 'token_expired', 401],
  misspelled: true,
  iap: 'iap_assertion',
  decoded: audience,
  extracted: true,
  codes: true,
  response: 401,
  fetched: 2
})
