from charms.reactive import Endpoint


class Http(Endpoint):
    pass
