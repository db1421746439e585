// gcp-metadata, used as its documentation shows. Usage: node gcp-metadata.mjs AUDIENCE

import { instance, isAvailable, project, universe } from 'gcp-metadata'

const [audience] = process.argv.slice(2)
const account = 'service-accounts/default'
const settled = async (promise) => promise.catch((error) => ({ status: error.response?.status ?? error.message }))

const found = { isAvailable: await isAvailable() }
if (found.isAvailable) {
  Object.assign(found, {
    projectId: await project('project-id'),
    projectNumber: String(await project('numeric-project-id')),
    email: await instance(`${account}/email`),
    scopes: await instance(`${account}/scopes`),
    everything: await instance({ property: `${account}/`, params: { recursive: 'true' } }),
    zone: await instance('zone'),
    access: await instance(`${account}/token`),
    identity: await instance({ property: `${account}/identity`, params: { audience, format: 'full' } }),
    withoutAudience: await settled(instance(`${account}/identity`)),
    universe: await settled(universe('universe-domain'))
  })
}
console.log(JSON.stringify(found))
