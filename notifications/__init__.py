"""Words to people: the outbox, its dispatcher, inbound messages, opt-outs and the simulator."""
