// What the charm does in every hook, and in its action.

import { action, whenNot } from 'charms.reactive'
import { follow } from '../lib/plan.mjs'

whenNot('never', function every() {
  follow('app.every')
})

action('poke', function poke() {
  follow('app.poke')
})
