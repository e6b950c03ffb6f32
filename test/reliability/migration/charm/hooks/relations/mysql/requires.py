from charms.reactive import RelationBase, hook, scopes


class MySQL(RelationBase):
    scope = scopes.GLOBAL

    @hook('{requires:mysql}-relation-{joined,changed}')
    def changed(self):
        self.set_state('{relation_name}.connected')
        self.toggle_state('{relation_name}.available', bool(self.get_remote('host')))
        self.set_local('seen', self.get_remote('host'))

    @hook('{requires:mysql}-relation-{departed,broken}')
    def gone(self):
        self.remove_state('{relation_name}.connected')
        self.remove_state('{relation_name}.available')
