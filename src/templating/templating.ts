// What the commands use to write configuration files from templates.

export { type InstallOptions, installFile } from './install-file.ts'
export { Float } from './python/numbers.ts'
export { type RenderOptions, renderTemplate } from './render.ts'
