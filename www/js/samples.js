// Sample tokens, read when the first of them is asked for.

let loading

/** A sample with its expectations and its keys as text. */
export async function sample(name) {
  loading ??= fetch(new URL('../samples.json', import.meta.url)).then((response) => response.json())
  try {
    const { keys, samples } = await loading
    return { ...samples[name], keys: JSON.stringify(keys, null, 1) }
  } catch (error) {
    loading = undefined
    throw error
  }
}
