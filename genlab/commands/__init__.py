"""The commands of ``genlab``, grouped by what they are about. Each calls a verb of the Lab and prints what it gives."""
