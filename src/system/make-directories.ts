// Makes a directory with those above it. Node's own way never ends where the system lets nobody make one, below /proc.

import fs from 'node:fs'
import path from 'node:path'
import { codeOf } from '../errors.ts'

export function makeDirectories(directory: string): void {
  if (isDirectory(directory)) return
  const parent = path.dirname(path.resolve(directory))
  if (parent !== path.resolve(directory)) makeDirectories(parent)
  try {
    fs.mkdirSync(directory)
  } catch (error) {
    // Another process may have been faster.
    if (codeOf(error) !== 'EEXIST' || !isDirectory(directory)) throw error
  }
}

function isDirectory(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.isDirectory() === true
}
