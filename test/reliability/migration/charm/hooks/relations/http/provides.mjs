import { Endpoint } from 'charms.reactive'

export class Http extends Endpoint {}
