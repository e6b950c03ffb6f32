// The import of handler files in JavaScript, in a file of its own: the bundle runs as a script, where
// `import()` is not to be had.

'use strict'
module.exports = (url) => import(url)
