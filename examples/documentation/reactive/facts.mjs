// What a base layer would do for reactive/app.sh: set its flag `admin-pass` from the configuration.

import { clearFlag, setFlag, when, whenNot } from 'charms.reactive'

when('config.set.admin-pass', function passwordIsSet() {
  setFlag('admin-pass')
})

whenNot('config.set.admin-pass', function passwordIsNotSet() {
  clearFlag('admin-pass')
})
