from charms.reactive import RelationBase, hook, scopes


class Amqp(RelationBase):
    scope = scopes.SERVICE

    @hook('{requires:amqp}-relation-joined')
    def joined(self):
        conversation = self.conversation()
        conversation.set_state('{relation_name}.connected')
        conversation.set_local(data={'name': conversation.scope, 'tries': 1})

    @hook('{requires:amqp}-relation-departed')
    def departed(self):
        self.conversation().remove_state('{relation_name}.connected')
