"""How far a candidate goes: its context, what it finds in it, its output, what it knows until."""
