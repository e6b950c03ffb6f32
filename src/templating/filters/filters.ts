// All filters by name.

import type { Filter } from '../python/values.ts'
import { dataFilters } from './data-filters.ts'
import { layoutFilters } from './layout-filters.ts'
import { numberFilters } from './number-filters.ts'
import { selectFilters } from './select-filters.ts'
import { sequenceFilters } from './sequence-filters.ts'
import { textFilters } from './text-filters.ts'

export const filters: ReadonlyMap<string, Filter> = new Map([
  ...dataFilters,
  ...layoutFilters,
  ...numberFilters,
  ...selectFilters,
  ...sequenceFilters,
  ...textFilters,
])
