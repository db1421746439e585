import functions from '@google-cloud/functions-framework'
import { authenticate } from 'callerid'

// Unset variables end the start of the function here, not the checks of its callers.
const guard = authenticate(
  {
    audience: process.env.AUDIENCE,
    callers: process.env.ALLOWED_CALLERS?.split(',').map((caller) => caller.trim()),
    // Only for trying it out with keys of one's own.
    ...(process.env.KEYS_URL && { keys: process.env.KEYS_URL })
  },
  { onReject: (error, request) => log('WARNING', request, { rejected: error.code ?? error.message, token: error.report?.fingerprint }) }
)

functions.http('greet', (request, response) =>
  guard(request, response, () => {
    log('INFO', request, { caller: request.caller.email })
    response.json({ hello: request.caller.email })
  })
)

// One line of JSON is one entry of Cloud Logging, filed under the request's trace.
function log(severity, request, entry) {
  const [, trace, span] = /^([0-9a-f]{32})\/(\d+)/.exec(request.get('x-cloud-trace-context') ?? '') ?? []
  const project = process.env.GOOGLE_CLOUD_PROJECT
  console.log(
    JSON.stringify({
      severity,
      message: `${entry.caller ?? 'a stranger'} asked for ${request.path}`,
      ...entry,
      ...(trace && project && { 'logging.googleapis.com/trace': `projects/${project}/traces/${trace}`, 'logging.googleapis.com/spanId': span })
    })
  )
}
